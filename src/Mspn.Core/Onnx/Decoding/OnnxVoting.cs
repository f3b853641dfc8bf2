namespace Mspn.Core;

/// <summary><see cref="HoughVotingDecoder"/> as ONNX nodes: <see cref="VoteMap"/>'s votes, added in its order.</summary>
internal static class OnnxVoting
{
    public static OnnxKeypoints Read(HoughVotingDecoder decoder, OnnxValue logits, OnnxValue offsets, int keypoints, ImageSize map, ImageSize input)
    {
        var graph = logits.Graph;
        var cells = map.Height * map.Width;
        var x = OffsetsOf(offsets, keypoints, 0) + graph.Constant([1, 1, cells], [.. Enumerable.Range(0, cells).Select(i => (double)(i % map.Width))]);
        var y = OffsetsOf(offsets, keypoints, 1) + graph.Constant([1, 1, cells], [.. Enumerable.Range(0, cells).Select(i => (double)(i / map.Width))]);
        var weight = 1 / (logits.Cast(OnnxType.Double).Reshape(0, 0, -1).Node("Neg").Node("Exp") + 1);
        // Votes beyond the map, and those that are not numbers, reach no cell.
        var reaches = (x > -1) & (x < map.Width) & (y > -1) & (y < map.Height);
        (x, y, weight) = (reaches.Choose(x, 0), reaches.Choose(y, 0), (reaches & (weight > 0)).Choose(weight, 0));

        var (_, cellX, cellY) = new OnnxMaps(Sums(x, y, weight, map), map).Peak();
        var near = ((x - cellX).Node("Abs") < 1) & ((y - cellY).Node("Abs") < 1);
        var nearby = near.Choose(weight, 0);
        var total = nearby.Sum();
        var voted = total > 0;
        var meanX = voted.Choose((nearby * x).Sum() / total, cellX);
        var meanY = voted.Choose((nearby * y).Sum() / total, cellY);
        var sum = (weight * Closeness(x, meanX) * Closeness(y, meanY)).Sum();
        return new OnnxKeypoints(
            meanX * input.Width / map.Width, meanY * input.Height / map.Height,
            voted.Choose((sum / (Math.PI * decoder.Radius * decoder.Radius)).AtMost(1), 0));
    }

    private static OnnxValue OffsetsOf(OnnxValue offsets, int keypoints, int direction) => offsets
        .Gather(1, Enumerable.Range(0, keypoints).Select(k => 2 * k + direction)).Cast(OnnxType.Double).Reshape(0, 0, -1);

    private static OnnxValue Closeness(OnnxValue place, OnnxValue center) => (1 - (place - center).Node("Abs")).AtLeast(0);

    // Each vote is spread over four cells; those outside the map are counted in one that is then dropped.
    private static OnnxValue Sums(OnnxValue x, OnnxValue y, OnnxValue weight, ImageSize map)
    {
        var cells = map.Height * map.Width;
        var (left, top) = (x.Node("Floor"), y.Node("Floor"));
        var (fractionX, fractionY) = (x - left, y - top);
        OnnxValue Index(int right, int down)
        {
            var (column, row) = (left + right, top + down);
            var inside = (column >= 0) & (column < map.Width) & (row >= 0) & (row < map.Height);
            return inside.Choose(row * map.Width + column, cells).Cast(OnnxType.Int64);
        }

        var indices = Interleaved(Index(0, 0), Index(1, 0), Index(0, 1), Index(1, 1));
        var votes = Interleaved(
            weight * (1 - fractionX) * (1 - fractionY), weight * fractionX * (1 - fractionY), weight * (1 - fractionX) * fractionY,
            weight * fractionX * fractionY);
        var zeros = x * 0;
        return zeros.Concatenate(2, zeros.Slice(2, 0, 1))
            .Node("ScatterElements", [indices, votes], [OnnxAttribute.Of("axis", -1L), OnnxAttribute.Of("reduction", "add")])
            .Slice(2, 0, cells);
    }

    private static OnnxValue Interleaved(params OnnxValue[] values)
    {
        var columns = values.Select(value => value.Reshape(0, 0, -1, 1)).ToArray();
        return columns[0].Concatenate(3, columns[1..]).Reshape(0, 0, -1);
    }
}
