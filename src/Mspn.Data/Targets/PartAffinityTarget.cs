using Mspn.Core;

namespace Mspn.Data;

/// <summary>
/// What a bottom-up network with part affinity fields is trained against (Cao et al. 2017, arXiv:1611.08050, equations 6 to 9): heat maps of
/// everybody's keypoints, fields along everybody's limbs, the background, and a mask of what is annotated.
/// </summary>
/// <remarks>
/// <para>One set of heat maps: the maximum over the people of a Gaussian of peak 1. Parts: <see cref="PoseExtra.AffinityFields"/>, unit vectors,
/// averaged where limbs of several people overlap; <see cref="PoseExtra.Background"/>, 1 less the maximum of the heat maps;
/// <see cref="PoseTargets.Mask"/>, 0 in cells whose middle lies in a region without annotations and 1 elsewhere.</para>
/// <para>A cell stands for the middle of its pixels, as in OpenPose's training code. Keypoints that are not labelled or outside the crop, and
/// limbs that end at one, are not drawn. All keypoints count: the visibilities become 2. Immutable and safe to share between threads.</para>
/// </remarks>
public sealed class PartAffinityTarget : IPoseTarget
{
    // Beyond this many standard deviations a Gaussian is left out: it is below 1 %, OpenPose's limit too.
    private const double Reach = 3.035;

    /// <summary>Creates the target.</summary>
    /// <param name="layout">The limbs, those of the network (<see cref="OpenPose.Layout"/>).</param>
    /// <param name="sigma">
    /// Standard deviation of the Gaussians in heat-map cells. Default 0.875: OpenPose's 7 pixels at a stride of 8. The paper writes exp(−d²/σ²), so
    /// its σ is √2 times this one.
    /// </param>
    /// <param name="limbWidth">
    /// Half the width of a limb's field in cells: a cell belongs to a limb if it is no farther from its line, and no farther beyond its ends.
    /// Default 1, as in OpenPose's code; the paper's equation 8 stops at the ends, which would leave limbs shorter than a cell without a field.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not positive and finite.</exception>
    public PartAffinityTarget(LimbLayout layout, double sigma = 0.875, double limbWidth = 1)
    {
        ArgumentNullException.ThrowIfNull(layout);
        Layout = layout;
        Sigma = Require.Positive(sigma);
        LimbWidth = Require.Positive(limbWidth);
    }

    /// <summary>The limbs.</summary>
    public LimbLayout Layout { get; }

    /// <summary>Standard deviation of the Gaussians in heat-map cells.</summary>
    public double Sigma { get; }

    /// <summary>Half the width of a limb's field in heat-map cells.</summary>
    public double LimbWidth { get; }

    /// <inheritdoc />
    public int Levels => 1;

    /// <inheritdoc />
    /// <exception cref="ArgumentException">The keypoints are not those of the limbs.</exception>
    public IReadOnlyList<TargetPart> Parts(KeypointSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        if (!schema.HasSameKeypoints(Layout.Keypoints))
        {
            throw new ArgumentException($"The limbs join keypoints of {Layout.Keypoints}, not of {schema}.", nameof(schema));
        }
        return [new(PoseExtra.AffinityFields, 2 * Layout.Count), new(PoseExtra.Background, 1), new(PoseTargets.Mask, 1)];
    }

    /// <inheritdoc />
    public void Encode(TargetScene scene, PoseTargetBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(scene);
        var people = scene.People.Select(person => Array.ConvertAll(person, k => ToCells(k, scene))).ToArray();
        DrawHeatmaps(people, scene.Map, buffer.Heatmaps);
        DrawBackground(buffer.Heatmaps, buffer.Part(PoseExtra.Background));
        var fields = buffer.Part(PoseExtra.AffinityFields);
        fields.Clear();
        var area = scene.Map.Height * scene.Map.Width;
        var owners = new int[area];
        foreach (var limb in Layout.Limbs)
        {
            Array.Clear(owners);
            DrawLimb(limb, people, scene.Map, owners, fields.Slice(2 * limb.Channel * area, 2 * area));
        }
        DrawMask(scene, buffer.Part(PoseTargets.Mask));
        buffer.Visibility.Fill(2);
    }

    private void DrawHeatmaps(Keypoint[][] people, ImageSize map, Span<float> heatmaps)
    {
        heatmaps.Clear();
        var area = map.Height * map.Width;
        foreach (var person in people)
        {
            for (var k = 0; k < person.Length; k++)
            {
                if (person[k].IsLabelled)
                {
                    DrawPeak(person[k], map, heatmaps.Slice(k * area, area));
                }
            }
        }
    }

    private void DrawPeak(Keypoint at, ImageSize map, Span<float> heatmap)
    {
        var reach = Reach * Sigma;
        var (top, bottom) = Cells(at.Y - reach, at.Y + reach, map.Height);
        var (left, right) = Cells(at.X - reach, at.X + reach, map.Width);
        for (var y = top; y <= bottom; y++)
        {
            for (var x = left; x <= right; x++)
            {
                var square = (x - at.X) * (x - at.X) + (y - at.Y) * (y - at.Y);
                if (square <= reach * reach)
                {
                    ref var value = ref heatmap[y * map.Width + x];
                    value = Math.Max(value, (float)Math.Exp(-square / (2 * Sigma * Sigma)));
                }
            }
        }
    }

    private static void DrawBackground(ReadOnlySpan<float> heatmaps, Span<float> background)
    {
        background.Fill(1);
        for (var i = 0; i < heatmaps.Length; i++)
        {
            ref var value = ref background[i % background.Length];
            value = Math.Min(value, 1 - heatmaps[i]);
        }
    }

    private void DrawLimb(Limb limb, Keypoint[][] people, ImageSize map, int[] owners, Span<float> field)
    {
        foreach (var person in people)
        {
            var (a, b) = (person[limb.From], person[limb.To]);
            var length = Math.Sqrt((b.X - a.X) * (b.X - a.X) + (b.Y - a.Y) * (b.Y - a.Y));
            if (!a.IsLabelled || !b.IsLabelled || length == 0)
            {
                continue;
            }
            var (dx, dy) = ((b.X - a.X) / length, (b.Y - a.Y) / length);
            var (top, bottom) = Cells(Math.Min(a.Y, b.Y) - 2 * LimbWidth, Math.Max(a.Y, b.Y) + 2 * LimbWidth, map.Height);
            var (left, right) = Cells(Math.Min(a.X, b.X) - 2 * LimbWidth, Math.Max(a.X, b.X) + 2 * LimbWidth, map.Width);
            for (var y = top; y <= bottom; y++)
            {
                for (var x = left; x <= right; x++)
                {
                    var along = (x - a.X) * dx + (y - a.Y) * dy;
                    var across = Math.Abs((x - a.X) * dy - (y - a.Y) * dx);
                    if (across <= LimbWidth && along >= -LimbWidth && along <= length + LimbWidth)
                    {
                        // A running mean over the people who have this limb here.
                        var i = y * map.Width + x;
                        var share = 1f / ++owners[i];
                        field[i] += ((float)dx - field[i]) * share;
                        field[owners.Length + i] += ((float)dy - field[owners.Length + i]) * share;
                    }
                }
            }
        }
    }

    private static void DrawMask(TargetScene scene, Span<float> mask)
    {
        mask.Fill(1);
        var map = scene.Map;
        foreach (var region in scene.Ignored)
        {
            for (var i = 0; i < mask.Length; i++)
            {
                if (region.Contains(Middle(i % map.Width, scene.Crop.Width, map.Width), Middle(i / map.Width, scene.Crop.Height, map.Height)))
                {
                    mask[i] = 0;
                }
            }
        }
    }

    private static Keypoint ToCells(Keypoint keypoint, TargetScene scene) => keypoint with
    {
        X = (keypoint.X + 0.5) * scene.Map.Width / scene.Crop.Width - 0.5,
        Y = (keypoint.Y + 0.5) * scene.Map.Height / scene.Crop.Height - 0.5,
    };

    private static double Middle(int cell, int pixels, int cells) => (cell + 0.5) * pixels / cells - 0.5;

    private static (int First, int Last) Cells(double from, double to, int count) =>
        ((int)Math.Max(0, Math.Ceiling(from)), (int)Math.Min(count - 1, Math.Floor(to)));
}
