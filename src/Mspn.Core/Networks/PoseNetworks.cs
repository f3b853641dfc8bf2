namespace Mspn.Core;

/// <summary>The published networks in one line each, with fresh random weights. Everything else is their options' business.</summary>
/// <remarks>The caller disposes the network. Parameters and multiply-adds of all of them are printed by <c>samples/architectures.cs</c>.</remarks>
public static class PoseNetworks
{
    /// <summary>MSPN (Li et al. 2019, arXiv:1901.00148): ResNet-50 stages, 256×192, COCO.</summary>
    /// <param name="stages">1 to 4 in the paper. Default 2.</param>
    public static MspnNetwork Mspn(int stages = 2) => new(new MspnOptions { Stages = stages });

    /// <summary>Stacked Hourglass (Newell et al. 2016, arXiv:1603.06937): 256×256, MPII.</summary>
    /// <param name="stacks">Default 8, as in the paper.</param>
    public static StackedHourglass StackedHourglass(int stacks = 8) => new(new StackedHourglassOptions { Stacks = stacks });

    /// <summary>CPN (Chen et al. 2018, arXiv:1711.07319): GlobalNet and RefineNet, 256×192, COCO.</summary>
    /// <param name="depth">Depth of its ResNet. Default 50; the paper also has 101.</param>
    public static CascadedPyramidNetwork CascadedPyramid(int depth = 50) => new(new CascadedPyramidOptions { Backbone = Backbone.ResNet(depth) });

    /// <summary>SimpleBaseline (Xiao et al. 2018, arXiv:1804.06208): a classification network and three transposed convolutions, 256×192, COCO.</summary>
    /// <param name="backbone">Default ResNet-50.</param>
    public static SimpleBaseline SimpleBaseline(Backbone? backbone = null) =>
        new(new SimpleBaselineOptions { Backbone = backbone ?? Backbone.ResNet(50) });

    /// <summary>RSN (Cai et al. 2020, arXiv:2003.04030): residual steps, 256×192, COCO.</summary>
    /// <param name="stages">Default 1; the paper's largest has 4.</param>
    /// <param name="depth">18 (default) or 50.</param>
    /// <param name="refineMachine">Whether a pose-refine machine follows the heads. Default false.</param>
    /// <exception cref="ArgumentOutOfRangeException">The depth is neither.</exception>
    public static ResidualStepsNetwork ResidualSteps(int stages = 1, int depth = 18, bool refineMachine = false) => new(new ResidualStepsOptions
    {
        Stages = stages,
        BlocksPerLevel = depth is 18 or 50 ? ResNetShape.OfDepth(depth).BlocksPerLevel
            : throw new ArgumentOutOfRangeException(nameof(depth), depth, "There are RSN-18 and RSN-50."),
        RefineMachine = refineMachine,
    });

    /// <summary>
    /// Heat maps and offsets as in G-RMI (Papandreou et al. 2017, arXiv:1701.01779), on SimpleBaseline's features instead of the paper's dilated
    /// ResNet; <see cref="PoseNetworkOptions.KeypointOffsets"/> gives the same head to any other network. 256×192, COCO.
    /// </summary>
    /// <param name="depth">Depth of its ResNet. Default 101, as in the paper.</param>
    public static SimpleBaseline HeatmapOffset(int depth = 101) =>
        new(new SimpleBaselineOptions { Backbone = Backbone.ResNet(depth), KeypointOffsets = true });

    /// <summary>OpenPose (Cao et al. 2017, arXiv:1611.08050): bottom-up, six stages, 368×368, 18 keypoints.</summary>
    public static OpenPose OpenPose() => new(new OpenPoseOptions());
}
