namespace Mspn.Core;

/// <summary>Maps in an ONNX graph, with what decoders ask of them. They compute in double precision, as the library's do.</summary>
/// <param name="Values"><c>[N, K, h·w]</c>.</param>
/// <param name="Size">h and w.</param>
internal sealed record OnnxMaps(OnnxValue Values, ImageSize Size)
{
    /// <summary>Maps <c>[N, K, h, w]</c> of any type.</summary>
    public static OnnxMaps Of(OnnxValue maps, ImageSize size) => new(maps.Cast(OnnxType.Double).Reshape(0, 0, -1), size);

    /// <summary>The first largest value of each map: its index, column and row, <c>[N, K, 1]</c>; the latter two in double precision.</summary>
    public (OnnxValue At, OnnxValue X, OnnxValue Y) Peak()
    {
        var at = Values.ArgMax();
        return (at, (at % Size.Width).Cast(OnnxType.Double), (at / Size.Width).Cast(OnnxType.Double));
    }

    /// <summary>The value at a distance from an index; anything where that lies beyond the map.</summary>
    public OnnxValue Near(OnnxValue at, int distance) =>
        Values.At(distance == 0 ? at : (at + distance).AtLeast(0).AtMost(Size.Height * Size.Width - 1));

    /// <summary>The direction in which values grow at an index, −1, 0 or 1, from the neighbours at a distance.</summary>
    public OnnxValue Slope(OnnxValue at, int step) => (Near(at, step) - Near(at, -step)).Node("Sign");
}
