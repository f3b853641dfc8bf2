namespace Mspn.Core;

/// <summary>The blur of <see cref="BlurredMap"/> as ONNX nodes: the same products and sums in the same order, so that the results are the same to the bit.</summary>
internal sealed class OnnxBlur
{
    private const int RowAxis = 2;
    private const int ColumnAxis = 3;

    private readonly double[] _kernel;
    private readonly int _border;

    private OnnxBlur(int kernelSize, int border)
    {
        _kernel = GaussianKernel.OfSize(kernelSize);
        (_border, Reach) = (border, Math.Min(border, Radius));
    }

    /// <summary>How many cells of the border the blur reaches, which belong to the result.</summary>
    public int Reach { get; }

    private int Radius => _kernel.Length / 2;

    /// <summary>For maps with a border of zeros.</summary>
    public static OnnxBlur WithBorder(int kernelSize, int border) => new(kernelSize, border);

    /// <summary>For maps whose border is not looked at.</summary>
    public static OnnxBlur WithoutBorder(int kernelSize) => new(kernelSize, 0);

    /// <summary>Blurs maps.</summary>
    /// <param name="maps"><c>[N, K, h, w]</c>.</param>
    /// <param name="size">h and w.</param>
    /// <returns>Maps that are larger by twice <see cref="Reach"/>.</returns>
    public OnnxMaps Apply(OnnxValue maps, ImageSize size)
    {
        var blurred = new ImageSize(size.Height + 2 * Reach, size.Width + 2 * Reach);
        var wide = maps.Cast(OnnxType.Double);
        var around = Reach + Radius;
        // A blur that reaches over a border sees the mirror image of the map beyond it.
        var padded = _border > 0 && Radius >= _border
            ? wide.Pad(Reach, Reach).Gather(RowAxis, Mirrored(blurred.Height)).Gather(ColumnAxis, Mirrored(blurred.Width))
            : wide.Pad(around, around);
        var rows = Along(padded, ColumnAxis, blurred.Width);
        return new OnnxMaps(Along(rows, RowAxis, blurred.Height).Reshape(0, 0, -1), blurred);
    }

    /// <summary>Blurs maps without a border and scales each to its old maximum.</summary>
    public static OnnxMaps KeepingMaximum(OnnxValue maps, ImageSize size, int kernelSize)
    {
        var blurred = WithoutBorder(kernelSize).Apply(maps, size);
        return blurred with { Values = blurred.Values * (OnnxMaps.Of(maps, size).Values.Maximum() / blurred.Values.Maximum()) };
    }

    private OnnxValue Along(OnnxValue maps, int axis, int length)
    {
        var sum = maps.Slice(axis, Radius, Radius + length) * _kernel[Radius];
        for (var i = 1; i <= Radius; i++)
        {
            var pair = maps.Slice(axis, Radius - i, Radius - i + length) + maps.Slice(axis, Radius + i, Radius + i + length);
            sum += pair * _kernel[Radius + i];
        }
        return sum;
    }

    private IEnumerable<int> Mirrored(int length) => Enumerable.Range(-Radius, length + 2 * Radius).Select(i => GaussianKernel.Reflect101(i, length));
}
