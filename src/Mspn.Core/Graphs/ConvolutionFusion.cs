namespace Mspn.Core;

/// <summary>Joins each convolution with the addition and the ReLU that alone read its result, for <see cref="ScriptWriter"/>.</summary>
internal static class ConvolutionFusion
{
    /// <summary>Changes a graph.</summary>
    public static void Apply(NetworkGraph graph)
    {
        var readers = graph.CountReaders();
        var read = graph.Nodes.SelectMany(node => node.Inputs.Select(input => (input, node))).ToLookup(p => p.input, p => p.node);
        var dropped = new HashSet<GraphNode>();
        var fused = new Dictionary<GraphNode, GraphNode>();
        foreach (var node in graph.Nodes.Where(node => node.Operation is ConvolutionOperation and not TransposedConvolutionOperation))
        {
            var (last, added) = (node, (GraphValue?)null);
            if (OnlyReader(last) is { Operation: AdditionOperation } sum
                && sum.Inputs.Single(input => input != node.Output) is var other
                && other.Shape.SequenceEqual(node.Output.Shape))
            {
                (last, added) = (sum, other);
            }
            if (OnlyReader(last) is { Operation: ReluOperation } relu)
            {
                last = relu;
            }
            dropped.Add(node);
            if (added is not null)
            {
                // The addition's other input may be a convolution, too, but each addition takes part once.
                dropped.Add(read[node.Output].Single());
            }
            dropped.Add(last);
            fused.Add(last, new GraphNode(
                node.Name,
                new FusedConvolutionOperation((ConvolutionOperation)node.Operation, added is not null, last.Operation is ReluOperation),
                added is null ? node.Inputs : [node.Inputs[0], added],
                last.Output));
        }
        graph.Replace(
            graph.Nodes.Where(node => fused.ContainsKey(node) || !dropped.Contains(node)).Select(node => fused.GetValueOrDefault(node, node)),
            new Dictionary<GraphValue, GraphValue>());

        GraphNode? OnlyReader(GraphNode node) =>
            readers[node.Output] == 1 && read[node.Output].FirstOrDefault() is { } reader && !dropped.Contains(reader) ? reader : null;
    }
}
