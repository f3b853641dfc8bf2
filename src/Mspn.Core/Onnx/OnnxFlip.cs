namespace Mspn.Core;

/// <summary>The flip test of <see cref="HeatmapFlip"/> as ONNX nodes: crops and their mirror images are one batch.</summary>
internal static class OnnxFlip
{
    private const int ChannelAxis = 1;
    private const int ColumnAxis = 3;

    /// <summary>Adds a network with its flip test.</summary>
    /// <param name="writer">Writes the network.</param>
    /// <param name="graph">What it computes.</param>
    /// <param name="network">Says what a mirror image does to its maps.</param>
    /// <param name="images"><c>[N, 3, H, W]</c>.</param>
    /// <param name="shift">Whether mirrored maps are moved one cell to the right.</param>
    /// <returns>The mean maps by name.</returns>
    public static IReadOnlyDictionary<string, OnnxValue> Add(
        OnnxNetwork writer, NetworkGraph graph, IPoseNetwork network, OnnxValue images, bool shift)
    {
        var both = writer.Add(graph, images.Concatenate(0, images.Reverse(ColumnAxis)));
        return both.ToDictionary(map => map.Key, map =>
        {
            var (plain, flipped) = map.Value.Graph.Halves(map.Value);
            var back = network.Extras.FirstOrDefault(extra => extra.Name == map.Key) is { } extra
                ? Back(flipped, extra.Mirror)
                : Back(flipped, [.. network.Keypoints.FlipPermutation.Select(k => (k, 1))]);
            var width = (int)graph.Outputs[map.Key].Shape[ColumnAxis];
            return (plain + (shift ? back.Gather(ColumnAxis, Enumerable.Range(-1, width).Select(i => Math.Max(0, i))) : back)) * 0.5;
        }, StringComparer.Ordinal);
    }

    private static OnnxValue Back(OnnxValue maps, IReadOnlyList<(int Channel, int Sign)> mirror)
    {
        var back = maps.Reverse(ColumnAxis).Gather(ChannelAxis, mirror.Select(m => m.Channel));
        return mirror.All(m => m.Sign == 1)
            ? back
            : back * maps.Graph.Constant([1, mirror.Count, 1, 1], [.. mirror.Select(m => (float)m.Sign)]);
    }
}
