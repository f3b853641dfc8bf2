using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Mspn.Core;
using Mspn.Data;
using Mspn.Inference;

namespace Mspn.Onnx;

/// <summary>Runs a file of <see cref="OnnxExport"/> with ONNX Runtime. Safe to use from several threads at once.</summary>
internal sealed class OnnxPoseBackend : IPoseBackend
{
    private const int ValuesPerKeypoint = 3;

    private readonly string _path;
    private readonly OnnxSession _session;
    private readonly CropReader _reader;
    private readonly bool _takesPixels;

    private OnnxPoseBackend(string path, OnnxSession session)
    {
        (_path, _session) = (path, session);
        Keypoints = PoseModelFile.ReadKeypoints(path, session.Metadata);
        Input = PoseModelFile.ReadInput(path, session.Metadata);
        (CropSize, _takesPixels) = ReadImage();
        CheckKeypoints();
        _reader = new CropReader(CropSize, Input.Normalization);
    }

    /// <inheritdoc />
    public KeypointSchema Keypoints { get; }

    /// <inheritdoc />
    public PoseInput Input { get; }

    /// <inheritdoc />
    public ImageSize CropSize { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="PoseDataException">The file is missing, damaged, not of this library, or has no keypoints among its outputs.</exception>
    public static OnnxPoseBackend Load(string path, int threads)
    {
        var session = new OnnxSession(path, threads);
        try
        {
            return new OnnxPoseBackend(path, session);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public IReadOnlyList<IReadOnlyList<PersonPrediction>> ReadCrops(IReadOnlyList<PoseCrop> crops, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(crops);
        return _takesPixels
            ? Run<byte>(crops, (crop, pixels) => _reader.ReadPixels(crop.Image, crop.ToCrop, pixels), [crops.Count, CropSize.Height, CropSize.Width, 3], cancellation)
            : Run<float>(
                crops, (crop, pixels) => _reader.Read(crop.Image, crop.ToCrop, mirrored: false, pixels), [crops.Count, 3, CropSize.Height, CropSize.Width],
                cancellation);
    }

    /// <inheritdoc />
    public void Dispose() => _session.Dispose();

    private PersonPrediction[][] Run<T>(IReadOnlyList<PoseCrop> crops, CropFilling<T> fill, long[] shape, CancellationToken cancellation)
        where T : unmanaged
    {
        var values = new T[crops.Count * _reader.Length];
        Parallel.For(0, crops.Count, i => fill(crops[i], values.AsSpan(i * _reader.Length, _reader.Length)));
        return _session.Run(OnnxExport.Image, values, shape, OnnxExport.Keypoints, (found, _) => People(found, crops.Count), cancellation);
    }

    // One person in each crop, as sure as its keypoints are in the mean.
    private PersonPrediction[][] People(ReadOnlySpan<float> found, int crops)
    {
        var people = new PersonPrediction[crops][];
        for (var i = 0; i < crops; i++)
        {
            var keypoints = new KeypointPrediction[Keypoints.Count];
            for (var k = 0; k < keypoints.Length; k++)
            {
                var at = (i * keypoints.Length + k) * ValuesPerKeypoint;
                keypoints[k] = new KeypointPrediction(found[at], found[at + 1], found[at + 2]);
            }
            people[i] = [new PersonPrediction(keypoints, keypoints.Average(keypoint => keypoint.Score))];
        }
        return people;
    }

    private (ImageSize Size, bool TakesPixels) ReadImage()
    {
        var input = _session.Inputs.Count == 1 ? _session.Inputs.GetValueOrDefault(OnnxExport.Image) : null;
        return input switch
        {
            { IsTensor: true, ElementDataType: TensorElementType.Float, Dimensions: [< 0, 3, > 0 and var height, > 0 and var width] } =>
                (new ImageSize(height, width), false),
            { IsTensor: true, ElementDataType: TensorElementType.UInt8, Dimensions: [< 0, > 0 and var height, > 0 and var width, 3] } =>
                (new ImageSize(height, width), true),
            _ => throw new PoseDataException(
                _path, $"it takes {Show(_session.Inputs)}; a pose network of this library takes '{OnnxExport.Image}', float [N, 3, H, W] or uint8 [N, H, W, 3]."),
        };
    }

    private void CheckKeypoints()
    {
        if (!_session.Outputs.TryGetValue(OnnxExport.Keypoints, out var output))
        {
            throw new PoseDataException(
                _path, $"it gives {Show(_session.Outputs)} and no '{OnnxExport.Keypoints}': the network's decoder could not be exported with it.");
        }
        if (output is not { IsTensor: true, ElementDataType: TensorElementType.Float, Dimensions: [_, var count, ValuesPerKeypoint] } || count != Keypoints.Count)
        {
            throw new PoseDataException(
                _path, $"it gives {Show(_session.Outputs)}; '{OnnxExport.Keypoints}' of {Keypoints} is float [N, {Keypoints.Count}, {ValuesPerKeypoint}].");
        }
    }

    private static string Show(IReadOnlyDictionary<string, NodeMetadata> tensors) => string.Join(", ", tensors.Select(tensor => tensor.Value.IsTensor
        ? $"'{tensor.Key}' ({tensor.Value.ElementDataType} [{string.Join(", ", tensor.Value.Dimensions)}])"
        : $"'{tensor.Key}' ({tensor.Value.OnnxValueType})"));

    private delegate void CropFilling<T>(PoseCrop crop, Span<T> pixels);
}
