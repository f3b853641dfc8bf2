using Mspn.Core;
using Mspn.Losses;

namespace Mspn.Training;

/// <summary>The losses that recipes can name.</summary>
public enum LossKind
{
    /// <summary><see cref="PoseLosses.Mspn"/>.</summary>
    Mspn,

    /// <summary><see cref="PoseLosses.Mmpose"/>.</summary>
    Mmpose,

    /// <summary><see cref="PoseLosses.CascadedPyramid"/>.</summary>
    CascadedPyramid,

    /// <summary><see cref="PoseLosses.SimpleBaseline"/>.</summary>
    SimpleBaseline,

    /// <summary><see cref="PoseLosses.StackedHourglass"/>.</summary>
    StackedHourglass,

    /// <summary><see cref="HeatmapOffsetLoss"/> with the paper's weights.</summary>
    HeatmapOffset,
}

/// <summary>A loss, as recipes hold it.</summary>
/// <param name="Kind">Which.</param>
/// <param name="TopK">How many hard keypoints count, for those that mine them. Default 8.</param>
public sealed record LossRecipe(LossKind Kind, int TopK = 8)
{
    /// <summary>Makes the loss.</summary>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public IPoseLoss Create() => Kind switch
    {
        LossKind.Mspn => PoseLosses.Mspn(TopK),
        LossKind.Mmpose => PoseLosses.Mmpose(TopK),
        LossKind.CascadedPyramid => PoseLosses.CascadedPyramid(TopK),
        LossKind.SimpleBaseline => PoseLosses.SimpleBaseline(),
        LossKind.StackedHourglass => PoseLosses.StackedHourglass(),
        LossKind.HeatmapOffset => new HeatmapOffsetLoss(),
        _ => throw new ArgumentOutOfRangeException(nameof(Kind), Kind, "There is no such loss."),
    };
}
