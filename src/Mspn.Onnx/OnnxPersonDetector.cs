using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Mspn.Core;
using Mspn.Data;
using Mspn.Inference;

namespace Mspn.Onnx;

/// <summary>Finds people with a YOLOX detector in an ONNX file, such as YOLOX exports it (Ge et al. 2021, arXiv:2107.08430).</summary>
/// <remarks>
/// The model takes images <c>[1, 3, H, W]</c> as YOLOX's <c>preproc</c> makes them (scaled to fit the top left, the rest grey; blue, green, red from 0 to 255), and
/// gives <c>[1, cells, 5 + classes]</c>: for each cell a box, its objectness and the probabilities of classes. A person's score is objectness times the
/// probability of the class of people. Boxes that overlap a surer one are dropped, and what reaches out of the image is cut off.
/// <para>
/// Safe to use from several threads at once. ONNX Runtime's native library comes from the application (package <c>Microsoft.ML.OnnxRuntime</c>).
/// </para>
/// </remarks>
public sealed class OnnxPersonDetector : IPersonDetector
{
    private const byte ProbedGrey = 114;

    private readonly OnnxSession _session;
    private readonly OnnxDetectorOptions _options;
    private readonly string _path;
    private readonly string _input;
    private readonly string _output;
    private readonly DetectorGrid _grid;
    private readonly DetectorBoxes _boxes;

    private OnnxPersonDetector(string path, OnnxSession session, OnnxDetectorOptions options)
    {
        (_path, _session, _options) = (path, session, options);
        _input = OnlyFloats(session.Inputs, "input");
        _output = OnlyFloats(session.Outputs, "output");
        InputSize = SizeOf(session.Inputs[_input].Dimensions);
        _grid = new DetectorGrid(InputSize);
        _boxes = Probe();
    }

    /// <summary>The size that images are scaled to.</summary>
    public ImageSize InputSize { get; }

    /// <summary>Loads a model, and runs it once on a grey image to see whether it is a detector of this kind.</summary>
    /// <param name="path">The <c>.onnx</c> file.</param>
    /// <param name="options">Thresholds, threads, and what the file does not tell.</param>
    /// <exception cref="PoseDataException">The file is missing, damaged or not a detector of this kind; the message says what was expected and what it has.</exception>
    /// <exception cref="InvalidOperationException">The application has not brought ONNX Runtime's native library.</exception>
    public static OnnxPersonDetector Load(string path, OnnxDetectorOptions? options = null)
    {
        options ??= new OnnxDetectorOptions();
        var session = new OnnxSession(path, options.Threads);
        try
        {
            return new OnnxPersonDetector(path, session, options);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public IReadOnlyList<PersonBox> Detect(RgbImage image, string? imageName = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        var letterbox = new Letterbox(image.Size, InputSize);
        return Run(letterbox.Read(image), (output, attributes) => Select(output, attributes, letterbox), cancellation);
    }

    /// <inheritdoc />
    public void Dispose() => _session.Dispose();

    private PersonBox[] Select(ReadOnlySpan<float> output, int attributes, Letterbox letterbox)
    {
        var boxes = new List<Box>();
        var scores = new List<double>();
        for (var cell = 0; cell < _grid.Count; cell++)
        {
            var score = DetectorGrid.Score(output, attributes, cell, _options.PersonClass);
            if (score >= _options.ScoreThreshold && letterbox.ToImage(_grid.Decode(output, attributes, cell, _boxes)) is { IsValid: true } box)
            {
                boxes.Add(box);
                scores.Add(score);
            }
        }
        return [.. BoxNms.Hard(boxes, scores, _options.IouThreshold).Select(i => new PersonBox(boxes[i], scores[i]))];
    }

    private DetectorBoxes Probe()
    {
        var grey = new float[3 * InputSize.Height * InputSize.Width];
        Array.Fill(grey, ProbedGrey);
        return Run(
            grey,
            (output, attributes) => _options.Boxes != DetectorBoxes.Recognised ? _options.Boxes : _grid.Recognise(output, attributes) ?? throw new PoseDataException(
                _path,
                $"its boxes are near their cells neither in cells nor in pixels; if it is a detector nevertheless, say which ({nameof(OnnxDetectorOptions)}.{nameof(OnnxDetectorOptions.Boxes)})."),
            CancellationToken.None);
    }

    private T Run<T>(float[] values, Func<ReadOnlySpan<float>, int, T> read, CancellationToken cancellation) => _session.Run(
        _input, values, [1, 3, InputSize.Height, InputSize.Width], _output,
        (output, shape) =>
        {
            var least = DetectorGrid.Attributes(_options.PersonClass + 1);
            return shape is [1, var cells, var attributes] && cells == _grid.Count && attributes >= least
                ? read(output, (int)attributes)
                : throw new PoseDataException(
                    _path,
                    $"its output has the shape [{string.Join(", ", shape)}]; a YOLOX detector of {InputSize} pixels gives [1, {_grid.Count}, {least} or more].");
        },
        cancellation);

    private string OnlyFloats(IReadOnlyDictionary<string, NodeMetadata> tensors, string what)
    {
        var only = tensors.Count == 1 ? tensors.First() : default;
        return only.Value is { IsTensor: true, ElementDataType: TensorElementType.Float }
            ? only.Key
            : throw new PoseDataException(
                _path,
                $"a YOLOX detector has one {what} of 32-bit floats; this model has {string.Join(", ", tensors.Select(t => $"'{t.Key}' ({TypeOf(t.Value)})"))}.");
    }

    private static string TypeOf(NodeMetadata tensor) => tensor.IsTensor ? tensor.ElementDataType.ToString() : tensor.OnnxValueType.ToString();

    private ImageSize SizeOf(int[] shape)
    {
        if (shape is not [1 or < 0, 3 or < 0, var height, var width])
        {
            throw new PoseDataException(_path, $"its input has the shape [{string.Join(", ", shape)}]; a YOLOX detector takes [1, 3, height, width].");
        }
        var given = _options.InputSize;
        var size = new ImageSize(height < 0 ? given?.Height ?? 0 : height, width < 0 ? given?.Width ?? 0 : width);
        if (size is { Height: 0 } or { Width: 0 })
        {
            throw new PoseDataException(
                _path, $"it takes images of any size, so one must be chosen ({nameof(OnnxDetectorOptions)}.{nameof(OnnxDetectorOptions.InputSize)}), such as the one that it was trained with.");
        }
        if (given is not null && given != size)
        {
            throw new PoseDataException(_path, $"it takes images of {size}, not {given}.");
        }
        return DetectorGrid.Fits(size)
            ? size
            : throw new PoseDataException(_path, $"its input is {size}; both sides of a YOLOX detector's are multiples of 32.");
    }
}
