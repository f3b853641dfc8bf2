namespace Mspn.Core;

/// <summary>
/// Something a network gives beside heat maps: a name, a number of channels, and what a mirror image does to them. The descriptions of those
/// that have names here are shared by networks, targets, losses and decoders.
/// </summary>
public sealed record PoseExtra
{
    /// <summary>Vectors from a cell to the keypoint (<see cref="OfKeypointOffsets"/>): x of keypoint k in channel 2k, y in 2k + 1, in heat-map cells.</summary>
    public const string Offsets = "offsets";

    /// <summary>Unit vectors along limbs (<see cref="OfAffinityFields"/>): x of a limb's field in channel 2c, y in 2c + 1.</summary>
    public const string AffinityFields = "affinity_fields";

    /// <summary>The map of "no keypoint here" (<see cref="OfBackground"/>).</summary>
    public const string Background = "background";

    /// <summary>Describes an extra.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="mirror">For each channel the channel whose mirrored map it becomes, and the factor 1 or −1.</param>
    /// <exception cref="ArgumentException">A channel is not taken exactly once, or a factor is another; the message names the extra.</exception>
    public PoseExtra(string name, IReadOnlyList<(int Channel, int Sign)> mirror)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(mirror);
        if (mirror.Count == 0 || !mirror.Select(m => m.Channel).Order().SequenceEqual(Enumerable.Range(0, mirror.Count)))
        {
            throw new ArgumentException($"A mirror image of '{name}' must take every channel exactly once.", nameof(mirror));
        }
        if (mirror.Any(m => m.Sign is not (1 or -1)))
        {
            throw new ArgumentException($"A mirror image of '{name}' must have factors of 1 or −1.", nameof(mirror));
        }
        Name = name;
        Mirror = [.. mirror];
    }

    /// <summary>Its name in <see cref="PoseOutput.Extras"/> and <see cref="PoseTargets.Extras"/>.</summary>
    public string Name { get; }

    /// <summary>
    /// Whether a network's heat-map head itself gives these channels, after those of the keypoints (OpenPose's background). Default false: they have
    /// a head of their own.
    /// </summary>
    public bool WithHeatmaps { get; init; }

    /// <summary>Number of channels.</summary>
    public int Channels => Mirror.Count;

    /// <summary>For each channel the channel whose mirrored map it becomes, and the factor 1 or −1.</summary>
    public IReadOnlyList<(int Channel, int Sign)> Mirror { get; }

    /// <summary>Offsets to every keypoint, as in G-RMI (Papandreou et al. 2017). A mirror image swaps flip pairs and turns x.</summary>
    public static PoseExtra OfKeypointOffsets(KeypointSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return new PoseExtra(Offsets, [.. schema.FlipPermutation.SelectMany(k => new[] { (2 * k, -1), (2 * k + 1, 1) })]);
    }

    /// <summary>Part affinity fields, as in OpenPose. A mirror image swaps limbs, turns x, and turns both where a limb runs the other way.</summary>
    /// <exception cref="InvalidOperationException">A limb has no counterpart on the other side; the message names it.</exception>
    public static PoseExtra OfAffinityFields(LimbLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        var mirror = new (int, int)[2 * layout.Count];
        for (var i = 0; i < layout.Count; i++)
        {
            var (limb, turns) = layout.Mirrors[i];
            var (here, there, sign) = (layout.Limbs[i].Channel, layout.Limbs[limb].Channel, turns ? -1 : 1);
            mirror[2 * here] = (2 * there, -sign);
            mirror[2 * here + 1] = (2 * there + 1, sign);
        }
        return new PoseExtra(AffinityFields, mirror);
    }

    /// <summary>The single map of what is no keypoint, given by the heat-map head, as OpenPose does.</summary>
    public static PoseExtra OfBackground() => new(Background, [(0, 1)]) { WithHeatmaps = true };
}
