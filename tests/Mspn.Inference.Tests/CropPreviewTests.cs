using Mspn.Core;
using Mspn.Data;

namespace Mspn.Inference.Tests;

public sealed class CropPreviewTests
{
    private static readonly SyntheticPeopleDataset People = new(KeypointSchemas.Coco17, new SyntheticPeopleOptions { Count = 1 });

    [Theory]
    [InlineData(ChannelOrder.Bgr)]
    [InlineData(ChannelOrder.Rgb)]
    public void The_first_picture_is_the_crop_in_its_own_colours(ChannelOrder order)
    {
        var normalization = order == ChannelOrder.Bgr ? ImageNormalization.OfficialBgr : ImageNormalization.Rgb;
        var nobody = People[0] with { Keypoints = [.. People[0].Keypoints.Select((k, i) => i == 0 ? k : k with { Visibility = 0 })] };
        var image = new RgbImage(400, 400);
        for (var i = 0; i < image.Pixels.Length; i += 3)
        {
            (image.Pixels[i], image.Pixels[i + 1], image.Pixels[i + 2]) = (200, 100, 50);
        }
        var encoder = Encoder(new PoseInput { Normalization = normalization });

        var crop = CropPreview.Draw(encoder, nobody with { Box = new Box(100, 100, 90, 120) }, image, new SampleRandom(1))[0];

        // The middle of the bottom edge, far from the one keypoint.
        var at = ((crop.Height - 1) * crop.Width + crop.Width / 2) * 3;
        crop.Pixels[at..(at + 3)].Should().Equal(200, 100, 50);
    }

    [Fact]
    public void Each_level_of_targets_is_a_picture_and_wider_kernels_are_brighter()
    {
        var encoder = Encoder(new PoseInput());
        var pictures = CropPreview.Draw(encoder, People[0], People.LoadImage(0), new SampleRandom(1));
        pictures.Should().HaveCount(1 + encoder.Target.Levels);
        var yellow = pictures.Skip(1).Select(p => p.Pixels.Chunk(3).Count(c => c[0] > 200 && c[1] > 200 && c[2] < 60)).ToArray();
        yellow.Should().BeInDescendingOrder().And.OnlyContain(n => n > 0);
        yellow[0].Should().BeGreaterThan(2 * yellow[^1]);
    }

    private static CropEncoder Encoder(PoseInput input) => new(
        People.Schema, new ImageSize(128, 96), new ImageSize(32, 24), input, new CoarseToFineHeatmapTarget());
}
