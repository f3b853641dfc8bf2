using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>
/// What losses, trainer and estimator need of a network. A caller's own <see cref="nn.Module"/> takes part by implementing it.
/// </summary>
public interface IPoseNetwork
{
    /// <summary>The keypoints that the heat maps stand for.</summary>
    KeypointSchema Keypoints { get; }

    /// <summary>The size of the crops it is meant for.</summary>
    ImageSize InputSize { get; }

    /// <summary>The size of its heat maps for such crops.</summary>
    ImageSize HeatmapSize { get; }

    /// <summary>The network as a TorchSharp module: parameters, training mode, devices.</summary>
    nn.Module Module => this as nn.Module ?? throw new InvalidOperationException($"{GetType().Name} is not a TorchSharp module.");

    /// <summary>All stages and scales, for supervision.</summary>
    /// <param name="images">Normalised crops, <c>[N, 3, H, W]</c>.</param>
    PoseOutput Predict(Tensor images);

    /// <summary>Only the final heat maps, <c>[N, K, h, w]</c>: the same numbers with less work.</summary>
    /// <param name="images">Normalised crops, <c>[N, 3, H, W]</c>.</param>
    Tensor PredictFinal(Tensor images);
}
