using Mspn.Core;

namespace Mspn.Data;

/// <summary>Turns whole images into input of a bottom-up network and the network's maps back into maps of the images.</summary>
/// <remarks>Immutable and safe to share between threads.</remarks>
public sealed class WholeImagePreparation
{
    private readonly NormalizationTable _normalization;

    /// <summary>Creates the preparation.</summary>
    /// <param name="input">Normalisation, scales and stride, for example <see cref="PoseInput.OpenPose"/>.</param>
    /// <exception cref="ArgumentException">It has no <see cref="PoseInput.WholeImage"/>, or a value is out of its range; the message says
    /// which.</exception>
    public WholeImagePreparation(PoseInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Options = input.WholeImage?.Validated()
            ?? throw new ArgumentException($"The input does not say how whole images are prepared: {nameof(PoseInput.WholeImage)} is null.", nameof(input));
        _normalization = new NormalizationTable(input.Normalization);
    }

    /// <summary>Scales and stride.</summary>
    public WholeImageOptions Options { get; }

    /// <summary>The input of an image at every scale, in the order of <see cref="WholeImageOptions.Scales"/>.</summary>
    /// <exception cref="ArgumentException">At some scale nothing, or far too much, is left of the image.</exception>
    public IReadOnlyList<WholeImageInput> Prepare(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return [.. Options.Scales.Select(scale => Prepare(image, scale * Options.Height / image.Height))];
    }

    /// <summary>Brings maps to the image's pixels and averages them over the scales.</summary>
    /// <remarks>The reference adds its running sum of heat maps once more at every scale after the first. With one scale, its default,
    /// that changes nothing; with several, this is the plain mean instead.</remarks>
    /// <param name="inputs">What <see cref="Prepare(RgbImage)"/> returned.</param>
    /// <param name="maps">For each of them the network's maps, <c>[count, h, w]</c> row by row, and their size.</param>
    /// <param name="count">Number of maps.</param>
    /// <returns><c>[count, H, W]</c> in the image's size.</returns>
    /// <exception cref="ArgumentException">The numbers of inputs, maps or values do not fit together.</exception>
    public static float[] Restore(
        IReadOnlyList<WholeImageInput> inputs, IReadOnlyList<(ReadOnlyMemory<float> Values, ImageSize Size)> maps, int count)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (inputs.Count == 0 || inputs.Count != maps.Count)
        {
            throw new ArgumentException($"Expected maps for each of {inputs.Count} inputs, at least one, given {maps.Count}.", nameof(maps));
        }
        var image = inputs[0].Frame.Image;
        var mean = new float[checked(count * image.Height * image.Width)];
        for (var i = 0; i < inputs.Count; i++)
        {
            inputs[i].Frame.AddMaps(maps[i].Values, count, maps[i].Size, mean, 1f / inputs.Count);
        }
        return mean;
    }

    private WholeImageInput Prepare(RgbImage image, double scale)
    {
        var frame = ImageFrame.ForScale(image.Size, scale, Options.Stride);
        var scaled = image.Resized(scale);
        var padded = frame.Padded;
        var area = padded.Height * padded.Width;
        var pixels = new float[checked(3 * area)];
        for (var c = 0; c < 3; c++)
        {
            pixels.AsSpan(c * area, area).Fill(_normalization.ValueOf(Options.Filling, c));
        }
        for (var y = 0; y < scaled.Height; y++)
        {
            _normalization.WriteRow(scaled.Pixels.AsSpan(3 * y * scaled.Width, 3 * scaled.Width), pixels, y * padded.Width);
        }
        return new WholeImageInput(frame, pixels);
    }
}
