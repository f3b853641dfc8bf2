using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>
/// What losses, trainer and estimator need of a network. A caller's own <see cref="nn.Module"/> takes part by implementing
/// <see cref="IPosePredictor.Keypoints"/>, <see cref="IPosePredictor.InputSize"/>, <see cref="IPosePredictor.HeatmapSize"/> and <see cref="Predict"/>.
/// </summary>
/// <remarks>Disposing it frees the weights; modules do so already.</remarks>
public interface IPoseNetwork : IPosePredictor, IDisposable
{
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

    /// <inheritdoc />
    /// <remarks>The same numbers as <see cref="Predict"/>'s, with less work where a network can save some; the default takes them from there.</remarks>
    PoseOutput IPosePredictor.PredictFinal(Tensor images)
    {
        using var scope = NewDisposeScope();
        return Predict(images).FinalOnly().MoveToOuterDisposeScope();
    }
}
