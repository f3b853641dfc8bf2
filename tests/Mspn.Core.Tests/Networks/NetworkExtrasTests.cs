namespace Mspn.Core.Tests.Networks;

public class NetworkExtrasTests
{
    [Fact]
    public void Two_extras_of_one_name_are_an_error()
    {
        var offsets = PoseExtra.OfKeypointOffsets(KeypointSchemas.Coco17);
        WithExtras([offsets, offsets]).Should().Throw<ArgumentException>().WithMessage("*'offsets'*");
        WithExtras([new PoseExtra("heatmaps", [(0, 1)])]).Should().Throw<ArgumentException>().WithMessage("*'heatmaps'*");
    }

    [Fact]
    public void An_extra_that_comes_with_heat_maps_does_not_go_with_a_refinement() =>
        WithExtras([PoseExtra.OfBackground()], (channels, maps) => new RefineNet(channels, maps, width: 4))
            .Should().Throw<ArgumentException>().WithMessage("*'background'*refinement*");

    [Fact]
    public void The_extras_of_a_network_are_its_own()
    {
        var extras = new List<PoseExtra> { PoseExtra.OfBackground() };
        using var network = WithExtras(extras).Invoke();
        extras.Clear();
        network.Extras.Should().ContainSingle();
    }

    private static Func<MultiStageNetwork> WithExtras(IReadOnlyList<PoseExtra> extras, Func<IReadOnlyList<int>, int, RefineNet>? refinement = null) => () => new(
        new ResNetStem(4), [SingleStageModule.Mspn(4, [1, 1], 8)], KeypointSchemas.Coco17, inputSize: new ImageSize(64, 64), extras: extras, refinement: refinement);
}
