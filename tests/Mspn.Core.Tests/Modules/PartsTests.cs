namespace Mspn.Core.Tests.Modules;

public class PartsTests
{
    public static TheoryData<string, Action> Impossible => new()
    {
        { "at least one convolution", () => _ = new ConvReluStack(4, []) },
        { "as many kernels, not [3]", () => _ = new ConvReluStack(4, [4, 4], [3]) },
        { "odd", () => _ = new ConvolutionHead(4, 17, kernel: 2) },
        { "inChannels", () => _ = new ConvBnRelu(0, 4, 3) },
        { "outChannels", () => _ = new ConvBnRelu(4, -1, 3) },
        { "count", () => _ = PreActivationResidual.Chain(4, 4, 0) },
        { "blocks", () => _ = StageEncoder.ResNet(new ResNetShape(ResNetBlock.Basic, [1, 0]), 4) },
        { "head", () => _ = new PoseRefineMachine(null!, 17) },
        { "place", () => _ = new FeatureLink(null!) },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void A_part_that_cannot_be_is_an_error_that_says_why(string problem, Action make) =>
        make.Should().Throw<ArgumentException>().Which.Message.Should().Contain(problem);
}
