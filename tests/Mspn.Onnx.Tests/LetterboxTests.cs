using Mspn.Core;
using Mspn.Data;

namespace Mspn.Onnx.Tests;

public class LetterboxTests
{
    private static readonly ImageSize Input = new(32, 64);

    [Fact]
    public void An_image_of_the_inputs_size_is_taken_over_with_blue_first()
    {
        var image = new RgbImage(32, 64);
        new Random(3).NextBytes(image.Pixels);
        var letterbox = new Letterbox(image.Size, Input);
        letterbox.Scale.Should().Be(1);
        letterbox.Read(image).Should().Equal(Enumerable.Range(0, 3).SelectMany(c => Enumerable.Range(0, 32 * 64).Select(i => (float)image.Pixels[i * 3 + 2 - c])));
    }

    [Fact]
    public void The_rest_is_grey()
    {
        var image = new RgbImage(64, 64);
        Array.Fill(image.Pixels, (byte)200);
        var values = new Letterbox(image.Size, Input).Read(image);
        Enumerable.Range(0, values.Length).Should().OnlyContain(i => values[i] == (i % 64 < 32 ? 200 : 114));
    }

    [Fact]
    public void Positions_are_OpenCVs()
    {
        // cv2.resize of a row 0, 30, 60, 90, 120 to 3 columns: positions 1/3, 2, 11/3.
        var row = new RgbImage(1, 5, [.. Enumerable.Range(0, 5).SelectMany(x => Enumerable.Repeat((byte)(30 * x), 3))]);
        new Letterbox(row.Size, new ImageSize(3, 3)).Read(row)[..3].Should().Equal(10, 60, 110);
        // To twice as many: the first and last pixels are kept at the edges.
        var two = new RgbImage(1, 2, [0, 0, 0, 100, 100, 100]);
        new Letterbox(two.Size, new ImageSize(2, 4)).Read(two)[..4].Should().Equal(0, 25, 75, 100);
    }

    [Fact]
    public void Boxes_come_back_to_the_image_and_end_at_its_edges()
    {
        var letterbox = new Letterbox(new ImageSize(64, 100), Input);
        letterbox.ToImage(new Box(10, 5, 20, 25)).Should().Be(new Box(20, 10, 40, 50));
        letterbox.ToImage(new Box(-10, -5, 200, 10)).Should().Be(new Box(0, 0, 100, 10));
        letterbox.ToImage(new Box(60, 0, 4, 10)).IsValid.Should().BeFalse("that is in the grey");
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 20_000)]
    [InlineData(20_000, 1)]
    public void Extreme_shapes_keep_a_row(int height, int width)
    {
        var image = new RgbImage(height, width);
        Array.Fill(image.Pixels, (byte)7);
        new Letterbox(image.Size, Input).Read(image).Should().OnlyContain(v => v == 7 || v == 114).And.Contain(7);
    }
}
