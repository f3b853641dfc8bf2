namespace Mspn.Data.Tests.Augmentation;

public class CropAugmentationTests
{
    public static TheoryData<CropAugmentation> Invalid =>
    [
        new() { RotationProbability = 1.1 },
        new() { FlipProbability = -0.1 },
        new() { HalfBodyProbability = double.NaN },
        new() { ShiftFraction = 2 },
        new() { BoxScale = 0 },
        new() { ScaleShrink = -1 },
        new() { ScaleLow = 0 },
        new() { ScaleLow = 1.2, ScaleHigh = 1.1 },
        new() { ScaleHigh = double.PositiveInfinity },
        new() { ExtensionX = -0.1 },
        new() { ExtensionY = double.NaN },
        new() { HalfBodyExtensionX = double.PositiveInfinity },
        new() { HalfBodyExtensionY = -1 },
        new() { RotationDegrees = double.NaN },
    ];

    [Theory]
    [MemberData(nameof(Invalid))]
    public void Values_out_of_range_are_refused(CropAugmentation augmentation) =>
        FluentActions.Invoking(() => People.Encoder(augmentation)).Should().Throw<ArgumentException>();

    [Fact]
    public void The_presets_are_valid()
    {
        foreach (var preset in new[] { CropAugmentation.OfficialCoco, CropAugmentation.OfficialMpii, CropAugmentation.Simple })
        {
            preset.Validated().Should().BeSameAs(preset);
        }
    }
}
