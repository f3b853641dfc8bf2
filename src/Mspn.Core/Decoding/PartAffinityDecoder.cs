using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>
/// Reads everybody from what a network with part affinity fields predicts: its heat maps and fields are enlarged to the input's size by cubic
/// interpolation, then <see cref="PartAffinityAssembler"/> finds the people. The decoder of <see cref="OpenPose"/>.
/// </summary>
/// <remarks>Has no state and may be shared between threads.</remarks>
public sealed class PartAffinityDecoder : IPoseDecoder
{
    // The enlargement for which the reference's smoothing is made: OpenPose's stride.
    private const double UsualEnlargement = 8;

    private readonly LimbLayout _layout;
    private readonly PartAffinityOptions _options;

    /// <summary>Creates the decoder.</summary>
    /// <param name="layout">The limbs, and the keypoints that they join.</param>
    /// <param name="options">
    /// Thresholds; default: the reference's. Its sigma is for maps that are enlarged eight times or more, or have the input's size already; where they
    /// are enlarged less, peaks are narrower, and the sigma shrinks with them.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message says which.</exception>
    public PartAffinityDecoder(LimbLayout layout, PartAffinityOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(layout);
        _layout = layout;
        _options = (options ?? new PartAffinityOptions()).Validated();
    }

    /// <inheritdoc />
    /// <remarks>A person's score is the assembler's: the sum of the scores of peaks and connections divided by the number of parts.</remarks>
    public IReadOnlyList<IReadOnlyList<PersonPrediction>> DecodePeople(PoseOutput output, ImageSize inputSize)
    {
        ArgumentNullException.ThrowIfNull(output);
        Require.Pixels(inputSize);
        var (heatmaps, fields) = (output.Final, output.FinalExtra(PoseExtra.AffinityFields));
        Check("heat maps", heatmaps, _layout.Keypoints.Count, heatmaps);
        Check("fields", fields, 2 * _layout.Count, heatmaps);
        var mapSize = new ImageSize((int)heatmaps.shape[2], (int)heatmaps.shape[3]);
        var assembler = new PartAffinityAssembler(_layout, _options with { Sigma = _options.Sigma * Narrowing(mapSize, inputSize) });
        var (heatmapValues, fieldValues) = (Values(heatmaps), Values(fields));
        var people = new IReadOnlyList<PersonPrediction>[heatmaps.shape[0]];
        Parallel.For(0, people.Length, i =>
        {
            var found = assembler.Assemble<float>(
                Enlarge(heatmapValues, i, _layout.Keypoints.Count, mapSize, inputSize), Enlarge(fieldValues, i, 2 * _layout.Count, mapSize, inputSize),
                inputSize);
            // OrderBy is stable, so equals stay in the order in which they were begun.
            people[i] = [.. found.ToPredictions().OrderByDescending(person => person.Score)];
        });
        return people;
    }

    private static double Narrowing(ImageSize map, ImageSize input)
    {
        var enlargement = (double)input.Height / map.Height;
        return enlargement > 1 ? Math.Min(1, enlargement / UsualEnlargement) : 1;
    }

    private static float[] Enlarge(float[] maps, int image, int count, ImageSize from, ImageSize to)
    {
        var (area, enlargedArea) = (from.Height * from.Width, to.Height * to.Width);
        var enlarged = new float[checked(count * enlargedArea)];
        for (var i = 0; i < count; i++)
        {
            CubicMapResize.Resize(
                maps.AsSpan((image * count + i) * area, area), from, from.Width, enlarged.AsSpan(i * enlargedArea, enlargedArea), to);
        }
        return enlarged;
    }

    private static float[] Values(Tensor maps)
    {
        using var scope = NewDisposeScope();
        return maps.detach().to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
    }

    private static void Check(string what, Tensor maps, int channels, Tensor heatmaps)
    {
        if (maps.dim() != 4 || maps.shape.AsSpan(1).Contains(0) || maps.shape[0] != heatmaps.shape[0] || maps.shape[1] != channels || maps.shape[2] != heatmaps.shape[2]
            || maps.shape[3] != heatmaps.shape[3])
        {
            throw new ArgumentException(
                $"Expected {what} [N, {channels}, h, w], given [{string.Join(", ", maps.shape)}] beside heat maps "
                + $"[{string.Join(", ", heatmaps.shape)}].", "output");
        }
    }
}
