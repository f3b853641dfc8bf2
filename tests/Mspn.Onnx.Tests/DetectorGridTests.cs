using Mspn.Core;

namespace Mspn.Onnx.Tests;

public class DetectorGridTests
{
    private readonly DetectorGrid _grid = new(DetectorOutput.Input);

    [Theory]
    [InlineData(0, 0, 0, 8)]
    [InlineData(13, 8, 8, 8)]
    [InlineData(95, 88, 56, 8)]
    [InlineData(96, 0, 0, 16)]
    [InlineData(96 + 7, 16, 16, 16)]
    [InlineData(96 + 24 + 5, 64, 32, 32)]
    public void Boxes_in_cells_are_where_their_cell_is(int cell, double x, double y, double stride)
    {
        _grid.Count.Should().Be(DetectorOutput.Cells);
        var middle = _grid.Decode(DetectorOutput.Empty(DetectorBoxes.Cells), DetectorOutput.Attributes, cell, DetectorBoxes.Cells);
        middle.Should().Be(new Box(x, y, stride, stride));

        var moved = DetectorOutput.Empty(DetectorBoxes.Cells).With(cell, -0.25f, 1.5f, MathF.Log(3), MathF.Log(0.5f));
        var box = _grid.Decode(moved, DetectorOutput.Attributes, cell, DetectorBoxes.Cells);
        box.Width.Should().BeApproximately(3 * stride, 1e-5);
        box.Height.Should().BeApproximately(0.5 * stride, 1e-5);
        (box.X + box.Width / 2).Should().BeApproximately(x - 0.25 * stride, 1e-5);
        (box.Y + box.Height / 2).Should().BeApproximately(y + 1.5 * stride, 1e-5);
    }

    [Fact]
    public void Boxes_in_pixels_are_taken_as_they_are()
    {
        var output = DetectorOutput.Empty(DetectorBoxes.Pixels).With(50, 30, 40, 20, 10);
        _grid.Decode(output, DetectorOutput.Attributes, 50, DetectorBoxes.Pixels).Should().Be(new Box(20, 35, 20, 10));
    }

    [Fact]
    public void A_score_is_objectness_times_probability()
    {
        var output = DetectorOutput.Empty(DetectorBoxes.Cells).With(3, 0, 0, 0, 0, 0.5f, 0.25f, 0.75f);
        DetectorGrid.Score(output, DetectorOutput.Attributes, 3, 0).Should().Be(0.125);
        DetectorGrid.Score(output, DetectorOutput.Attributes, 3, 1).Should().Be(0.375);
    }

    [Theory]
    [InlineData(DetectorBoxes.Cells)]
    [InlineData(DetectorBoxes.Pixels)]
    public void The_kind_of_boxes_is_recognised_though_some_are_far_off(DetectorBoxes kind)
    {
        var random = new Random(1);
        var output = DetectorOutput.Empty(kind);
        for (var i = 0; i < output.Length; i += 3 * DetectorOutput.Attributes)
        {
            output[i] = (float)(random.NextDouble() * 300 - 150);
        }
        _grid.Recognise(output, DetectorOutput.Attributes).Should().Be(kind);
    }

    [Theory]
    [InlineData(4000)]
    [InlineData(float.NaN)]
    public void Other_numbers_are_not_recognised(float value)
    {
        var output = new float[DetectorOutput.Cells * DetectorOutput.Attributes];
        Array.Fill(output, value);
        _grid.Recognise(output, DetectorOutput.Attributes).Should().BeNull();
    }

    [Theory]
    [InlineData(64, 96, true)]
    [InlineData(64, 90, false)]
    [InlineData(0, 32, false)]
    [InlineData(32, -32, false)]
    public void Cells_fill_multiples_of_32(int height, int width, bool fits) => DetectorGrid.Fits(new ImageSize(height, width)).Should().Be(fits);
}
