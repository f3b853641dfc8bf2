using System.Text.Json.Serialization;
using Mspn.Core;
using Mspn.Data;

namespace Mspn.Training;

/// <summary>What a network is trained against, as recipes hold it. Peak and radius are the input's, so that training and decoding agree.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(CoarseToFineTargetRecipe), "coarse-to-fine")]
[JsonDerivedType(typeof(GaussianTargetRecipe), "gaussian")]
[JsonDerivedType(typeof(DiskOffsetTargetRecipe), "disk-offset")]
public abstract record TargetRecipe
{
    private protected TargetRecipe()
    {
    }

    /// <summary>Makes the target.</summary>
    /// <param name="input">Has the peak (<see cref="PoseInput.HeatmapPeak"/>) and the radius of disks (<see cref="PoseInput.OffsetRadius"/>).</param>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public abstract IPoseTarget Create(PoseInput input);
}

/// <summary>A <see cref="CoarseToFineHeatmapTarget"/>.</summary>
public sealed record CoarseToFineTargetRecipe : TargetRecipe
{
    /// <summary>Odd kernel sizes, the widest first. Default the official <c>[15, 11, 9, 7, 5]</c>.</summary>
    public IReadOnlyList<int> Kernels { get; init; } = [15, 11, 9, 7, 5];

    /// <summary>What is scaled to the peak, and who is drawn. Default: the official code's way.</summary>
    public HeatmapConvention Convention { get; init; }

    /// <inheritdoc />
    public override IPoseTarget Create(PoseInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new CoarseToFineHeatmapTarget(Kernels, input.HeatmapPeak) { Convention = Convention };
    }
}

/// <summary>A <see cref="GaussianHeatmapTarget"/>.</summary>
public sealed record GaussianTargetRecipe : TargetRecipe
{
    /// <summary>Standard deviation in heat-map cells. Default 2.</summary>
    public double Sigma { get; init; } = 2;

    /// <summary>Whether Gaussians are centred on the keypoints themselves. Default false.</summary>
    public bool Unbiased { get; init; }

    /// <inheritdoc />
    public override IPoseTarget Create(PoseInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new GaussianHeatmapTarget(Sigma, Unbiased, input.HeatmapPeak);
    }
}

/// <summary>A <see cref="DiskOffsetTarget"/>.</summary>
public sealed record DiskOffsetTargetRecipe : TargetRecipe
{
    /// <inheritdoc />
    public override IPoseTarget Create(PoseInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new DiskOffsetTarget(input.OffsetRadius);
    }
}
