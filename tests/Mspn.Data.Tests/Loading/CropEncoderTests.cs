using Mspn.Core;
using Mspn.Data.Tests.Augmentation;
using Mspn.Data.Tests.Images;

namespace Mspn.Data.Tests.Loading;

public class CropEncoderTests
{
    private static readonly RgbImage Photo = TestImages.Noise(80, 100);

    [Fact]
    public void Keypoints_move_into_the_crop()
    {
        var encoded = People.Encoder().Encode(People.Typical, Photo);

        // The 30×40 box at (20, 10) fills the 48×64 crop: a factor of 1.6.
        encoded.Keypoints[0].X.Should().BeApproximately((35 - 20) * 1.6, 1e-5);
        encoded.Keypoints[0].Y.Should().BeApproximately((12 - 10) * 1.6, 1e-5);
        encoded.Visibility.Should().Equal(2, 2, 1, 0);
    }

    [Fact]
    public void A_keypoint_outside_the_crop_is_not_visible_and_has_no_target()
    {
        var encoder = People.Encoder();
        var outside = People.Typical with { Keypoints = [new(19.9, 12, 2), new(45, 30, 2), new(25, 30, 1), new(35, 50.1, 2)] };

        var encoded = encoder.Encode(outside, Photo);

        encoded.Visibility.Should().Equal(0, 2, 1, 0);
        var maps = encoded.Targets.Chunk(16 * 12).ToArray();
        for (var m = 0; m < maps.Length; m++)
        {
            maps[m].Max().Should().BeApproximately(encoded.Visibility[m % 4] > 0 ? 255 : 0, 2e-5f);
        }
    }

    [Fact]
    public void A_mirrored_crop_is_the_crop_of_the_mirrored_image()
    {
        var mirroring = People.Encoder(People.Nothing with { FlipProbability = 1 }).Encode(People.Typical, Photo);
        var plain = People.Encoder(People.Nothing).Encode(
            People.Typical with
            {
                Box = new Box(Photo.Width - 1 - 50, 10, 30, 40), Keypoints = CropSampler.Mirror(People.Typical.Keypoints, People.Schema, Photo.Width),
            },
            People.Mirrored(Photo));

        mirroring.Keypoints.Should().Equal(plain.Keypoints);
        mirroring.Pixels.Should().Equal(plain.Pixels);
        mirroring.Targets.Should().Equal(plain.Targets);
        mirroring.Keypoints[1].Visibility.Should().Be(1, "the left of a mirror image was the right");
    }

    [Fact]
    public void The_same_seed_gives_the_same_crop_and_another_seed_another()
    {
        var encoder = People.Encoder(CropAugmentation.OfficialCoco);

        var first = encoder.Encode(People.Typical, Photo, seed: 5);

        encoder.Encode(People.Typical, Photo, seed: 5).Pixels.Should().Equal(first.Pixels);
        encoder.Encode(People.Typical, Photo, seed: 6).Pixels.Should().NotEqual(first.Pixels);
    }

    [Theory]
    [InlineData(ChannelOrder.Rgb, 10, 20, 30)]
    [InlineData(ChannelOrder.Bgr, 30, 20, 10)]
    public void Channels_come_in_the_order_of_the_normalisation(ChannelOrder order, float first, float second, float third)
    {
        var normalization = new ImageNormalization { Order = order, Mean = [0, 0, 0], Std = [1 / 255f, 1 / 255f, 1 / 255f] };
        var size = new ImageSize(1, 1);
        var reader = new CropReader(size, normalization);
        var pixels = new float[3];

        reader.Read(new RgbImage(1, 1, [10, 20, 30]), new AffineTransform(1, 0, 0, 0, 1, 0), mirrored: false, pixels);

        pixels.Zip([first, second, third], (a, b) => Math.Abs(a - b)).Max().Should().BeLessThan(1e-4f);
    }

    [Theory]
    [InlineData(100.5, 10, 30, 40)]
    [InlineData(20, -50, 30, 40)]
    [InlineData(20, 10, 0, 40)]
    [InlineData(20, 10, double.NaN, 40)]
    public void A_box_outside_the_image_or_empty_names_the_annotation(double x, double y, double width, double height)
    {
        var sample = People.Typical with { Box = new Box(x, y, width, height) };

        FluentActions.Invoking(() => { People.Encoder().Encode(sample, Photo); }).ShouldFailNaming("photos/somebody.jpg", "annotation 4711");
    }

    [Fact]
    public void A_wrong_number_of_keypoints_names_the_annotation()
    {
        var sample = People.Typical with { Keypoints = [new Keypoint(1, 2, 2)] };

        FluentActions.Invoking(() => { People.Encoder().Encode(sample, Photo); }).ShouldFailNaming("photos/somebody.jpg", "annotation 4711");
    }

    [Fact]
    public void Normalisation_without_a_positive_deviation_is_refused()
    {
        var input = new PoseInput { Normalization = new ImageNormalization { Std = [0.2f, 0, 0.2f] } };

        FluentActions.Invoking(() => new CropEncoder(
            People.Schema, new ImageSize(8, 8), new ImageSize(2, 2), input, new CoarseToFineHeatmapTarget())).Should().Throw<ArgumentException>();
    }

    [Theory]
    [InlineData(0, 8, 2, 2)]
    [InlineData(8, -1, 2, 2)]
    [InlineData(8, 8, 0, 2)]
    [InlineData(8, 8, 2, 0)]
    public void Sizes_without_pixels_are_refused(int height, int width, int mapHeight, int mapWidth) =>
        FluentActions.Invoking(() => new CropEncoder(
            People.Schema, new ImageSize(height, width), new ImageSize(mapHeight, mapWidth), new PoseInput(), new CoarseToFineHeatmapTarget()))
            .Should().Throw<ArgumentOutOfRangeException>();

    [Theory]
    [InlineData(1, 0, 0, 0, "pixels")]
    [InlineData(0, -1, 0, 0, "targets")]
    [InlineData(0, 0, 1, 0, "visibility")]
    [InlineData(0, 0, 0, 1, "parts")]
    public void Room_of_another_size_is_refused_by_name(int pixels, int targets, int visibility, int parts, string name)
    {
        var encoder = People.Encoder();
        var encoding = () => encoder.Encode(
            People.Typical, Photo, new SampleRandom(1), new float[encoder.ImageLength + pixels], new float[encoder.TargetLength + targets],
            new float[4 + visibility], new float[parts]);

        encoding.Should().Throw<ArgumentException>().WithParameterName(name);
    }

    [Fact]
    public void Targets_may_be_left_out()
    {
        var encoder = People.Encoder();

        var keypoints = encoder.Encode(People.Typical, Photo, new SampleRandom(1), new float[encoder.ImageLength], [], new float[4]);

        keypoints.Should().HaveCount(4);
    }
}
