using System.Numerics;
using System.Runtime.InteropServices;

namespace Mspn.Core;

/// <summary>
/// Finds the people of a whole image from a bottom-up network's maps: peaks of the heat maps, line integrals over the part affinity fields,
/// greedy matching limb by limb, assembly (Cao et al. 2017; reference: Hzzone's <c>pytorch-openpose</c>, <c>src/body.py</c>).
/// </summary>
/// <remarks>Has no state and may be shared between threads.</remarks>
public sealed class PartAffinityAssembler
{
    private readonly PartAffinityOptions _options;

    /// <summary>Creates the assembler.</summary>
    /// <param name="layout">The limbs, and the keypoints that they join.</param>
    /// <param name="options">Thresholds; default: the reference's.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message says which.</exception>
    public PartAffinityAssembler(LimbLayout layout, PartAffinityOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(layout);
        Layout = layout;
        _options = (options ?? new PartAffinityOptions()).Validated();
    }

    /// <summary>The limbs, and the keypoints that they join.</summary>
    public LimbLayout Layout { get; }

    /// <summary>Finds the people of one image.</summary>
    /// <typeparam name="T">Type of the maps' values: float, double or Half. All sums are double.</typeparam>
    /// <param name="heatmaps"><c>[K, H, W]</c>, or <c>[K + 1, H, W]</c> with the background last, which is not read; values row by row,
    /// map after map.</param>
    /// <param name="fields"><c>[2L, H, W]</c>, likewise: x and y components of the limb with channel 0, then of channel 1, and so
    /// on.</param>
    /// <param name="size">H and W: usually the image's, because smoothing and the penalty for long limbs are measured in its pixels.</param>
    /// <exception cref="ArgumentException">The maps do not have these shapes.</exception>
    public AssembledPeople Assemble<T>(ReadOnlySpan<T> heatmaps, ReadOnlySpan<T> fields, ImageSize size)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Check(heatmaps.Length, fields.Length, size);
        var area = size.Height * size.Width;
        var keypoints = Layout.Keypoints.Count;
        var finder = new PeakFinder(size, _options);
        var peaks = new List<KeypointPeak>();
        var starts = new int[keypoints + 1];
        for (var k = 0; k < keypoints; k++)
        {
            finder.Find(heatmaps.Slice(k * area, area), k, peaks);
            starts[k + 1] = peaks.Count;
        }
        var assembler = new PersonAssembler(Layout);
        var all = CollectionsMarshal.AsSpan(peaks);
        foreach (var limb in Layout.Limbs)
        {
            assembler.Add(limb, LimbMatcher.Match(
                all[starts[limb.From]..starts[limb.From + 1]], all[starts[limb.To]..starts[limb.To + 1]],
                fields.Slice(2 * limb.Channel * area, area), fields.Slice((2 * limb.Channel + 1) * area, area), size, _options));
        }
        return new AssembledPeople(peaks, assembler.People(_options));
    }

    private void Check(int heatmapValues, int fieldValues, ImageSize size)
    {
        if (size.Height < 1 || size.Width < 1)
        {
            throw new ArgumentException($"Maps of {size} have no pixels.", nameof(size));
        }
        var area = (long)size.Height * size.Width;
        var keypoints = Layout.Keypoints.Count;
        if (heatmapValues != keypoints * area && heatmapValues != (keypoints + 1) * area)
        {
            throw new ArgumentException(
                $"Expected heat maps [{keypoints} or {keypoints + 1}, {size.Height}, {size.Width}] for {Layout.Keypoints}, which are "
                + $"{keypoints * area} or {(keypoints + 1) * area} values, given {heatmapValues}.", "heatmaps");
        }
        if (fieldValues != 2 * Layout.Count * area)
        {
            throw new ArgumentException(
                $"Expected fields [{2 * Layout.Count}, {size.Height}, {size.Width}] for {Layout}, which are {2 * Layout.Count * area} values, "
                + $"given {fieldValues}.", "fields");
        }
    }
}
