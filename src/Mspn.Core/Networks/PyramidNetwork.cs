namespace Mspn.Core;

/// <summary>The arrangement that MSPN and RSN share: a ResNet stem, stages of an encoder and a light decoder, aggregation, heads on every scale.</summary>
public abstract class PyramidNetwork : MultiStageNetwork
{
    private protected PyramidNetwork(PyramidNetworkOptions options)
        : base(
            new ResNetStem(options.BaseChannels, options.ConvolutionBias),
            Enumerable.Range(0, options.Stages).Select(_ => SingleStageModule.WithPyramid(
                options.CreateEncoder(), options.UpsampleChannels, options.ConvolutionBias)),
            options.Keypoints,
            options.CrossStageAggregation ? new CrossStageAggregation(options.ConvolutionBias) : null,
            options.InputSize,
            options.CreateHead,
            place => new FeatureLink(place, options.ConvolutionBias),
            options.Supervision,
            options.CreateExtras())
    {
    }
}
