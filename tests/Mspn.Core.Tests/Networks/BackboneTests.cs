namespace Mspn.Core.Tests.Networks;

public class BackboneTests
{
    public static TheoryData<Backbone, string> Invalid => new()
    {
        { Backbone.ResNet(50) with { BlocksPerLevel = [] }, "BlocksPerLevel" },
        { Backbone.ResNet(50) with { BlocksPerLevel = [1, 0] }, "BlocksPerLevel" },
        { Backbone.Vgg(16) with { BlocksPerLevel = [1, 1, 1, 1] }, "BlocksPerLevel*VGG" },
        { Backbone.Vgg(50), "VGG-16" },
        { Backbone.ResNet(16), "18, 34" },
        { Backbone.ResNet(50) with { BaseChannels = 0 }, "BaseChannels" },
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    public void What_no_backbone_has_is_named(Backbone backbone, string problem)
    {
        foreach (var options in new PoseNetworkOptions[] { new SimpleBaselineOptions { Backbone = backbone }, new CascadedPyramidOptions { Backbone = backbone } })
        {
            options.Invoking(o => o.Build()).Should().Throw<ArgumentException>().WithMessage($"*{problem}*");
        }
    }
}
