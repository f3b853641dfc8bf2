using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>
/// What losses, trainer and estimator need of a network. A caller's own <see cref="nn.Module"/> takes part by implementing the first three
/// properties and <see cref="Predict"/>.
/// </summary>
public interface IPoseNetwork
{
    /// <summary>The keypoints that the heat maps stand for.</summary>
    KeypointSchema Keypoints { get; }

    /// <summary>The size of the crops it is meant for.</summary>
    ImageSize InputSize { get; }

    /// <summary>The size of its heat maps for such crops.</summary>
    ImageSize HeatmapSize { get; }

    /// <summary>What it gives beside heat maps. Default: nothing.</summary>
    IReadOnlyList<PoseExtra> Extras => [];

    /// <summary>What it can be rebuilt from, for model files; null (the default) if only its own code can.</summary>
    PoseNetworkOptions? Options => null;

    /// <summary>What reads its output where the caller does not say. Default: what the input says, or else the official MSPN decoding.</summary>
    /// <param name="input">What the network was trained with.</param>
    IPoseDecoder CreateDecoder(PoseInput input) => input.CreateHeatmapDecoder();

    /// <summary>The network as a TorchSharp module: parameters, training mode, devices.</summary>
    nn.Module Module => this as nn.Module ?? throw new InvalidOperationException($"{GetType().Name} is not a TorchSharp module.");

    /// <summary>All stages and scales, for supervision.</summary>
    /// <param name="images">Normalised crops, <c>[N, 3, H, W]</c>.</param>
    /// <exception cref="ArgumentException">The images have another shape; the message gives the expected one and theirs.</exception>
    PoseOutput Predict(Tensor images);

    /// <summary>
    /// Only the prediction: one stage with one scale of heat maps, and the last of each extra. The same numbers as <see cref="Predict"/>'s,
    /// with less work where a network can save some; the default takes them from there.
    /// </summary>
    /// <param name="images">Normalised crops, <c>[N, 3, H, W]</c>.</param>
    /// <exception cref="ArgumentException">The images have another shape; the message gives the expected one and theirs.</exception>
    PoseOutput PredictFinal(Tensor images)
    {
        using var scope = NewDisposeScope();
        return Predict(images).FinalOnly().MoveToOuterDisposeScope();
    }
}
