using Mspn.Core;

namespace Mspn.Data;

/// <summary>
/// What G-RMI is trained against (Papandreou et al. 2017, arXiv:1701.01779): for each keypoint l a disk, 1 where
/// <c>‖l − x‖ ≤ R</c> and 0 elsewhere, and in the disk the offsets <c>l − x</c> from each cell to the keypoint.
/// </summary>
/// <remarks>Lengths are in heat-map cells. Immutable and safe to share between threads.</remarks>
public sealed class DiskOffsetTarget : IPoseTarget
{
    /// <summary>Creates the target.</summary>
    /// <param name="radius">R, in heat-map cells. Default <see cref="HoughVotingDecoder.PaperRadius"/>; the decoder needs the same.</param>
    /// <exception cref="ArgumentOutOfRangeException">The radius is not positive and finite.</exception>
    public DiskOffsetTarget(double radius = HoughVotingDecoder.PaperRadius) => Radius = Require.Positive(radius);

    /// <summary>R, in heat-map cells.</summary>
    public double Radius { get; }

    /// <inheritdoc />
    int IPoseTarget.Levels => 1;

    /// <inheritdoc />
    IReadOnlyList<TargetPart> IPoseTarget.Parts(KeypointSchema schema) => [new(PoseExtra.Offsets, 2 * schema.Count)];

    /// <inheritdoc />
    void IPoseTarget.Encode(TargetScene scene, PoseTargetBuffer buffer) =>
        Encode(scene.Person, scene.Crop, scene.Map, buffer.Heatmaps, buffer.Part(PoseExtra.Offsets));

    /// <summary>Fills the maps of one person.</summary>
    /// <param name="keypoints">Keypoints in crop pixels. One that is not labelled gets zeros.</param>
    /// <param name="crop">Size of the crop.</param>
    /// <param name="map">Size of each map.</param>
    /// <param name="disks"><c>[K, h, w]</c>, written completely: the heat maps, and where offsets mean anything.</param>
    /// <param name="offsets"><c>[2K, h, w]</c>, written completely: columns of keypoint k at 2k, rows at 2k + 1; 0 outside the disk.</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public void Encode(IReadOnlyList<Keypoint> keypoints, ImageSize crop, ImageSize map, Span<float> disks, Span<float> offsets)
    {
        ArgumentNullException.ThrowIfNull(keypoints);
        TargetMaps.CheckLength(disks.Length, 1, keypoints.Count, map, nameof(disks));
        TargetMaps.CheckLength(offsets.Length, 2, keypoints.Count, map, nameof(offsets));
        disks.Clear();
        offsets.Clear();
        var area = map.Height * map.Width;
        for (var k = 0; k < keypoints.Count; k++)
        {
            if (keypoints[k].IsLabelled)
            {
                var (x, y) = (keypoints[k].X * map.Width / crop.Width, keypoints[k].Y * map.Height / crop.Height);
                Draw(x, y, map, disks.Slice(k * area, area), offsets.Slice(2 * k * area, area), offsets.Slice((2 * k + 1) * area, area));
            }
        }
    }

    private void Draw(double x, double y, ImageSize map, Span<float> disk, Span<float> right, Span<float> down)
    {
        var (left, end) = (Math.Max(0, Math.Ceiling(x - Radius)), Math.Min(map.Width - 1, x + Radius));
        var bottom = Math.Min(map.Height - 1, y + Radius);
        for (var row = (int)Math.Max(0, Math.Ceiling(y - Radius)); row <= bottom; row++)
        {
            for (var column = (int)left; column <= end; column++)
            {
                var (dx, dy) = (x - column, y - row);
                if (dx * dx + dy * dy <= Radius * Radius)
                {
                    var at = row * map.Width + column;
                    (disk[at], right[at], down[at]) = (1, (float)dx, (float)dy);
                }
            }
        }
    }
}
