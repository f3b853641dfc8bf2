using Mspn.Core;

namespace Mspn.Onnx;

/// <summary>
/// The cells that a YOLOX detector predicts a box from: those of 8 pixels row by row, then those of 16, then those of 32 (<c>decode_outputs</c> of YOLOX's
/// <c>yolo_head.py</c>).
/// </summary>
internal sealed class DetectorGrid
{
    // Centre, size, objectness; the classes follow.
    private const int Objectness = 4;
    private const int FirstClass = 5;

    // As many cells' widths from where it should be, an average box is of another kind.
    private const double Farthest = 8;
    private static readonly int[] Strides = [8, 16, 32];

    private readonly (int Column, int Row, int Stride)[] _cells;

    /// <summary>The cells of an input, whose sides are multiples of 32.</summary>
    public DetectorGrid(ImageSize input) => _cells =
    [
        .. Strides.SelectMany(stride => Enumerable.Range(0, input.Height / stride * (input.Width / stride))
            .Select(i => (i % (input.Width / stride), i / (input.Width / stride), stride))),
    ];

    /// <summary>Whether the cells fill an input of this size.</summary>
    public static bool Fits(ImageSize input) => input.Height > 0 && input.Width > 0 && input.Height % Strides[^1] == 0 && input.Width % Strides[^1] == 0;

    /// <summary>Number of cells.</summary>
    public int Count => _cells.Length;

    /// <summary>Numbers for each cell, of a model with so many classes.</summary>
    public static int Attributes(int classes) => FirstClass + classes;

    /// <summary>Objectness times the probability of a class.</summary>
    /// <param name="output">The output of one image, <c>[cells, attributes]</c>.</param>
    /// <param name="attributes">Numbers for each cell.</param>
    /// <param name="cell">Which cell.</param>
    /// <param name="personClass">Which class.</param>
    public static double Score(ReadOnlySpan<float> output, int attributes, int cell, int personClass) =>
        (double)output[cell * attributes + Objectness] * output[cell * attributes + FirstClass + personClass];

    /// <summary>A cell's box in pixels of the input.</summary>
    public Box Decode(ReadOnlySpan<float> output, int attributes, int cell, DetectorBoxes kind)
    {
        var at = output.Slice(cell * attributes, Objectness);
        var (x, y, width, height) = ((double)at[0], (double)at[1], (double)at[2], (double)at[3]);
        if (kind == DetectorBoxes.Cells)
        {
            var (column, row, stride) = _cells[cell];
            (x, y, width, height) = ((x + column) * stride, (y + row) * stride, Math.Exp(width) * stride, Math.Exp(height) * stride);
        }
        return new Box(x - width / 2, y - height / 2, width, height);
    }

    /// <summary>Which kind of boxes an output has; null if it is neither.</summary>
    /// <remarks>A box is predicted by a cell near its centre. Taken for the wrong kind, most would be dozens of cells away.</remarks>
    public DetectorBoxes? Recognise(ReadOnlySpan<float> output, int attributes)
    {
        var cells = new double[Count];
        var pixels = new double[Count];
        for (var i = 0; i < Count; i++)
        {
            var (x, y) = (output[i * attributes], output[i * attributes + 1]);
            var (column, row, stride) = _cells[i];
            cells[i] = Math.Max(Math.Abs(x - 0.5), Math.Abs(y - 0.5));
            pixels[i] = Math.Max(Math.Abs(x / stride - column - 0.5), Math.Abs(y / stride - row - 0.5));
        }
        var (ofCells, ofPixels) = (Median(cells), Median(pixels));
        return Math.Min(ofCells, ofPixels) > Farthest ? null : ofCells < ofPixels ? DetectorBoxes.Cells : DetectorBoxes.Pixels;
    }

    // Not a number counts as the farthest.
    private static double Median(double[] values)
    {
        var sorted = values.Select(v => double.IsNaN(v) ? double.PositiveInfinity : v).Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
