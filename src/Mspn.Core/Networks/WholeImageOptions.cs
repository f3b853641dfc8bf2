namespace Mspn.Core;

/// <summary>How whole images become input of a bottom-up network. The defaults are those of Hzzone's <c>pytorch-openpose</c>
/// (<c>src/body.py</c>).</summary>
public sealed record WholeImageOptions
{
    /// <summary>Height in pixels to which images are scaled at scale 1. Default 368.</summary>
    public int Height { get; init; } = 368;

    /// <summary>Each image is prepared once for each of these parts of <see cref="Height"/>; the maps are averaged. Default one, 0.5.</summary>
    public IReadOnlyList<double> Scales { get; init; } = [0.5];

    /// <summary>
    /// What the input's height and width are multiples of: a multiple of the network's <see cref="MultiStageNetwork.SizeMultiple"/>. Default 8.
    /// </summary>
    public int Stride { get; init; } = 8;

    /// <summary>Value, before normalisation, of the pixels filled in at the right and the bottom. Default 128.</summary>
    public byte Filling { get; init; } = 128;

    /// <summary>Checks all values.</summary>
    /// <returns>These options.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The height or the stride is below 1.</exception>
    /// <exception cref="ArgumentException">There is no scale, or one that is not positive.</exception>
    public WholeImageOptions Validated()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Stride, 1);
        if (Scales.Count == 0 || Scales.Any(s => !(s > 0) || double.IsInfinity(s)))
        {
            throw new ArgumentException($"At least one positive scale is needed, given [{string.Join(", ", Scales)}].");
        }
        return this;
    }
}
