using System.Buffers;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>A keypoint read from a heat map.</summary>
/// <param name="X">Column in pixels of the crop (or of the image, once mapped back); pixel centres at integers.</param>
/// <param name="Y">Row, likewise.</param>
/// <param name="Score">Confidence; about 0.5 for none and 1.5 for a full peak with MSPN's decoders, 0 and 1 with the other heat-map decoders,
/// the map's value when people are assembled from peaks.</param>
public readonly record struct KeypointPrediction(double X, double Y, double Score)
{
    /// <summary>A keypoint that was not found: no position, score 0. Decoders of whole images leave such gaps in a person; those of crops
    /// never do.</summary>
    public static KeypointPrediction Missing { get; } = new(double.NaN, double.NaN, 0);

    /// <summary>Whether there is a position.</summary>
    public bool IsFound => !double.IsNaN(X) && !double.IsNaN(Y);
}

/// <summary>Reads keypoint positions from the heat maps of top-down networks: one person in each crop.</summary>
/// <remarks>Decoders have no state and may be shared between threads.</remarks>
public abstract class HeatmapDecoder : IPoseDecoder
{
    /// <summary>
    /// Height of the peak that targets were made with. Default 255, as in the official code, where the decoder does not say otherwise.
    /// </summary>
    public double Peak { get; init; } = 255;

    /// <inheritdoc />
    public virtual bool ShiftsMirroredMaps => false;

    /// <summary>Finds one position in every map.</summary>
    /// <param name="heatmaps">Raw network output, <c>[N, K, h, w]</c>, any floating type, any device.</param>
    /// <param name="inputSize">Size of the crops that the maps belong to.</param>
    /// <returns>For each image, K keypoints in crop pixels.</returns>
    /// <exception cref="ArgumentException">The tensor does not have four dimensions.</exception>
    public IReadOnlyList<KeypointPrediction[]> Decode(Tensor heatmaps, ImageSize inputSize)
    {
        ArgumentNullException.ThrowIfNull(heatmaps);
        if (heatmaps.dim() != 4)
        {
            throw new ArgumentException($"Expected heat maps [N, K, h, w], given [{string.Join(", ", heatmaps.shape)}].", nameof(heatmaps));
        }
        using var scope = NewDisposeScope();
        // Half precision is exact in single precision; what is in double precision stays so.
        var values = heatmaps.detach().to(heatmaps.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32).cpu().contiguous();
        var (n, k) = ((int)values.shape[0], (int)values.shape[1]);
        var size = new ImageSize((int)values.shape[2], (int)values.shape[3]);
        var result = new KeypointPrediction[n][];
        if (n == 1)
        {
            result[0] = DecodeImage(values, 0, k, size, inputSize);
        }
        else
        {
            Parallel.For(0, n, i => result[i] = DecodeImage(values, i, k, size, inputSize));
        }
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
    /// <param name="maps"><paramref name="keypoints"/> maps of <paramref name="mapSize"/>, one after another.</param>
    /// <param name="keypoints">Number of maps.</param>
    /// <param name="mapSize">Size of each map.</param>
    /// <param name="inputSize">Size of the crop.</param>
    protected abstract KeypointPrediction[] DecodeImage(ReadOnlySpan<double> maps, int keypoints, ImageSize mapSize, ImageSize inputSize);

    private KeypointPrediction[] DecodeImage(Tensor heatmaps, int image, int keypoints, ImageSize mapSize, ImageSize inputSize)
    {
        var length = keypoints * mapSize.Height * mapSize.Width;
        var buffer = ArrayPool<double>.Shared.Rent(length);
        try
        {
            var maps = buffer.AsSpan(0, length);
            MapValues.Copy(heatmaps, image * length, maps);
            return DecodeImage(maps, keypoints, mapSize, inputSize);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(buffer);
        }
    }
}
