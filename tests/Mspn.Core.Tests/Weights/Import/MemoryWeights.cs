using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Weights.Import;

/// <summary>State dicts that need no file.</summary>
internal static class MemoryWeights
{
    public static WeightFile Of(IEnumerable<(string Name, Tensor Tensor)> tensors) =>
        new TensorWeights("memory.pth", tensors.Select(t => KeyValuePair.Create(t.Name, t.Tensor)));

    /// <summary>A network's tensors under another code base's names; those that the map does not cover are left out.</summary>
    public static WeightFile Of(nn.Module module, KeyMap keys) => Of(NetworkWeights.Of(module)
        .Select(p => (Name: keys.Theirs(p.Key), Tensor: p.Value)).Where(p => p.Name is not null).Select(p => (p.Name!, p.Tensor)));

    /// <summary>Names and shapes without numbers; the tensors belong to the caller's dispose scope.</summary>
    public static WeightFile Of(IEnumerable<(string Name, long[] Shape)> shapes) =>
        Of(shapes.Select(s => (s.Name, zeros([]).expand(s.Shape))));
}
