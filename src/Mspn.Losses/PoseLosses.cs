namespace Mspn.Losses;

/// <summary>The training losses of published systems, each a <see cref="MultiStageLoss"/> put together as its source does.</summary>
/// <remarks>They all read COCO's visibility flags 0, 1 and 2.</remarks>
public static class PoseLosses
{
    /// <summary>
    /// MSPN (Li et al. 2019, section 3.3; official code: <c>MSPN._calculate_loss</c>): coarse-to-fine kernels; on the coarser scales a
    /// quarter of the mean squared error, in which hidden keypoints (v ≤ 1) are expected to give zeros; on the finest scale of every stage
    /// hard keypoint mining among the labelled ones.
    /// </summary>
    /// <param name="topK">How many keypoints are mined. Default 8; at most the number of keypoints.</param>
    public static MultiStageLoss Mspn(int topK = 8) => new(finest: new OhkmLoss(topK));

    /// <summary>
    /// mmpose's MSPN and RSN (<c>MSPNHead</c> and <c>configs/body_2d_keypoint/topdown_heatmap/coco/td-hm_mspn50_*.py</c>): as
    /// <see cref="Mspn"/>, except that on every scale all labelled keypoints (v &gt; 0) count and the others are ignored.
    /// </summary>
    /// <param name="topK">How many keypoints are mined. Default 8; at most the number of keypoints.</param>
    public static MultiStageLoss Mmpose(int topK = 8) => new(new JointsMseLoss(VisibilityConvention.Mmpose), new OhkmLoss(topK));

    /// <summary>
    /// CPN (Chen et al. 2018, section 3.2; numbers from <c>GengDavid/pytorch-cpn</c>, <c>256.192.model/train.py</c>): half the mean squared
    /// error on each scale of GlobalNet, in which hidden keypoints (v ≤ 1) are expected to give zeros; hard keypoint mining on RefineNet's
    /// maps.
    /// </summary>
    /// <remarks>
    /// Meant for an output of two stages, <c>[[global 0 … 3], [refined]]</c>, and targets of the four kernels 15, 11, 9 and 7: the global
    /// scales take one each, the refined maps the narrowest.
    /// </remarks>
    /// <param name="topK">How many keypoints are mined. Default 8; at most the number of keypoints.</param>
    public static MultiStageLoss CascadedPyramid(int topK = 8) =>
        new(finest: new OhkmLoss(topK)) { CoarseWeight = 0.5, FinestInLastStageOnly = true };

    /// <summary>
    /// SimpleBaseline (Xiao et al. 2018, section 2; <c>microsoft/human-pose-estimation.pytorch</c>, <c>lib/core/loss.py</c> with
    /// <c>use_target_weight</c>): half the mean squared error of all labelled keypoints; the others are ignored.
    /// </summary>
    /// <remarks>For target weights other than 0 and 1 make a <see cref="JointsMseLoss"/> with <see cref="JointWeighting.Maps"/>.</remarks>
    public static MultiStageLoss SimpleBaseline() => new(finest: new JointsMseLoss(VisibilityConvention.Mmpose) { Factor = 0.5 });

    /// <summary>
    /// Stacked hourglass (Newell et al. 2016, section 3.3): the mean squared error of every stack, summed, against the same targets (those of
    /// the first kernel). Keypoints that are not labelled are expected to give zeros.
    /// </summary>
    /// <remarks>
    /// <c>princeton-vl/pytorch_stacked_hourglass</c> takes the mean over the stacks instead of the sum: this loss divided by their number.
    /// </remarks>
    public static MultiStageLoss StackedHourglass() =>
        new(finest: new JointsMseLoss(visibleAbove: 0, maskPrediction: false)) { CoarseToFineSupervision = false };
}
