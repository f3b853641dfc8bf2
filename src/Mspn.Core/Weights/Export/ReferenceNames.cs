namespace Mspn.Core;

/// <summary>Finds the reference code that has a network, and how it differs in options that change no result.</summary>
internal static class ReferenceNames
{
    /// <summary>The names, and the options of the network whose tensors have them all.</summary>
    /// <exception cref="ArgumentException">No code of that style has such a network; the message says what stands against it.</exception>
    public static (KeyMap Keys, PoseNetworkOptions Options) Of(PoseNetworkOptions options, WeightStyle style)
    {
        if (Obstacle(options, style) is { } obstacle)
        {
            throw new ArgumentException($"The weights cannot be written in the style {style}: {obstacle}.", nameof(options));
        }
        return options switch
        {
            PyramidNetworkOptions pyramid when style == WeightStyle.Mmpose => (PyramidKeys.Mmpose(pyramid), pyramid with { ConvolutionBias = false }),
            PyramidNetworkOptions pyramid => (PyramidKeys.Official(pyramid), pyramid with { ConvolutionBias = true }),
            StackedHourglassOptions { StemChannels: HourglassKeys.BearpawStem } bearpaw => (HourglassKeys.Bearpaw(bearpaw), bearpaw),
            StackedHourglassOptions hourglass => (HourglassKeys.Princeton(hourglass), hourglass),
            CascadedPyramidOptions cpn => (BackboneKeys.CascadedPyramid(cpn), cpn),
            SimpleBaselineOptions baseline => (BackboneKeys.SimpleBaseline(baseline), baseline),
            OpenPoseOptions parts => (OpenPoseKeys.Hzzone(parts), parts),
            _ => throw new ArgumentException($"There is no reference code for {options.GetType().Name}.", nameof(options)),
        };
    }

    // What names and shapes would not show. Tensors without a name there are found by the names themselves.
    private static string? Obstacle(PoseNetworkOptions options, WeightStyle style) => options switch
    {
        not PyramidNetworkOptions when style == WeightStyle.Mmpose => $"of these networks it has MSPN and RSN, not that of {options.GetType().Name}",
        PyramidNetworkOptions { Supervision: not Supervision.EveryScale } pyramid =>
            $"its networks have heads for every scale of every stage, this one is of {pyramid.Supervision}",
        MspnOptions { Block: not ResNetBlock.Bottleneck } mspn => $"its MSPN has bottlenecks with the stride at the 3×3 convolution, not {mspn.Block}",
        StackedHourglassOptions { Supervision: not Supervision.EveryStage } hourglass =>
            $"its network has a head for every stage's finest scale, this one is of {hourglass.Supervision}",
        StackedHourglassOptions { StemChannels: HourglassKeys.BearpawStem, Increase: > 0 } => "bearpaw's hourglasses are as wide below as above",
        CascadedPyramidOptions { Backbone.Family: BackboneFamily.CaffeResNet } => "pytorch-cpn has the stride at the 3×3 convolution",
        _ => null,
    };
}
