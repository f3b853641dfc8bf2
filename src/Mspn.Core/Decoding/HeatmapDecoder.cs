using System.Buffers;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>Reads keypoint positions from the heat maps of top-down networks: one person in each crop.</summary>
/// <remarks>Decoders have no state and may be shared between threads.</remarks>
public abstract class HeatmapDecoder : IPoseDecoder
{
    /// <summary>
    /// Height of the peak that targets were made with, above 0. Default 255, as in the official code, where the decoder does not say otherwise.
    /// </summary>
    public double Peak { get; init => field = Require.Positive(value, nameof(Peak)); } = 255;

    /// <inheritdoc />
    public virtual bool ShiftsMirroredMaps => false;

    /// <summary>Finds one position in every map.</summary>
    /// <param name="heatmaps">Raw network output, <c>[N, K, h, w]</c>, any floating type, any device. Only N may be 0.</param>
    /// <param name="inputSize">Size of the crops that the maps belong to.</param>
    /// <returns>For each image, K keypoints in crop pixels.</returns>
    /// <exception cref="ArgumentException">The tensor does not have this shape, or the size has no pixels.</exception>
    public IReadOnlyList<KeypointPrediction[]> Decode(Tensor heatmaps, ImageSize inputSize)
    {
        ArgumentNullException.ThrowIfNull(heatmaps);
        Require.Pixels(inputSize);
        if (heatmaps.dim() != 4 || heatmaps.shape.AsSpan(1).Contains(0))
        {
            throw new ArgumentException($"Expected heat maps [N, K, h, w], given [{string.Join(", ", heatmaps.shape)}].", nameof(heatmaps));
        }
        using var scope = NewDisposeScope();
        // Half precision is exact in single precision; what is in double precision stays so.
        var type = heatmaps.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
        var isPlain = heatmaps.dtype == type && heatmaps.device_type == DeviceType.CPU && heatmaps.is_contiguous();
        var values = isPlain ? heatmaps : heatmaps.detach().to(type).cpu().contiguous();
        var n = (int)values.shape[0];
        var result = new KeypointPrediction[n][];
        if (n == 1)
        {
            result[0] = DecodeImage(values, 0, inputSize);
        }
        else
        {
            Parallel.For(0, n, i => result[i] = DecodeImage(values, i, inputSize));
        }
        GC.KeepAlive(values); // its memory is read through spans, which keep nothing alive
        return result;
    }

    /// <inheritdoc />
    /// <remarks>A person's score is the mean of the keypoints' scores.</remarks>
    public IReadOnlyList<IReadOnlyList<PersonPrediction>> DecodePeople(PoseOutput output, ImageSize inputSize)
    {
        ArgumentNullException.ThrowIfNull(output);
        return [.. Decode(output.Final, inputSize).Select(keypoints => new[] { new PersonPrediction(keypoints, keypoints.Average(k => k.Score)) })];
    }

    /// <summary>Decodes the maps of one image.</summary>
    /// <param name="maps">A map for each keypoint.</param>
    /// <param name="inputSize">Size of the crop.</param>
    protected abstract KeypointPrediction[] DecodeImage(PersonMaps maps, ImageSize inputSize);

    private KeypointPrediction[] DecodeImage(Tensor heatmaps, int image, ImageSize inputSize)
    {
        var area = (int)(heatmaps.shape[2] * heatmaps.shape[3]);
        var buffer = ArrayPool<double>.Shared.Rent(area);
        try
        {
            return DecodeImage(new PersonMaps(heatmaps, image, buffer.AsSpan(0, area)), inputSize);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(buffer);
        }
    }
}
