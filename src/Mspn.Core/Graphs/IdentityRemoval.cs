namespace Mspn.Core;

/// <summary>Drops operations whose output is their input.</summary>
internal static class IdentityRemoval
{
    /// <summary>Changes a graph.</summary>
    public static void Apply(NetworkGraph graph) => graph.Replace(
        graph.Nodes.Where(node => node.Operation is not IdentityOperation),
        graph.Nodes.Where(node => node.Operation is IdentityOperation).ToDictionary(node => node.Output, node => node.Inputs[0]));
}
