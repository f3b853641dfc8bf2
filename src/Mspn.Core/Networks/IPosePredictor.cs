using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>What flip test and estimator need: a prediction of crops. Any <see cref="IPoseNetwork"/>, or one that is ready to run (<see cref="PreparedNetwork"/>).</summary>
public interface IPosePredictor
{
    /// <summary>The keypoints that the heat maps stand for.</summary>
    KeypointSchema Keypoints { get; }

    /// <summary>The size of the crops it is meant for.</summary>
    ImageSize InputSize { get; }

    /// <summary>The size of its heat maps for such crops.</summary>
    ImageSize HeatmapSize { get; }

    /// <summary>What it gives beside heat maps. Default: nothing.</summary>
    IReadOnlyList<PoseExtra> Extras => [];

    /// <summary>The prediction: one stage with one scale of heat maps, and the last of each extra.</summary>
    /// <param name="images">Normalised crops, <c>[N, 3, H, W]</c>.</param>
    /// <returns>The maps, which belong to the caller's dispose scope.</returns>
    /// <exception cref="ArgumentException">The images have another shape; the message gives the expected one and theirs.</exception>
    PoseOutput PredictFinal(Tensor images);
}
