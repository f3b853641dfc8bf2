using Mspn.Core;
using static TorchSharp.torch;

namespace Mspn.Losses;

/// <summary>A loss over everything a network predicts.</summary>
public interface IPoseLoss
{
    /// <summary>Computes the loss.</summary>
    /// <param name="output">The network's output.</param>
    /// <param name="targets">What it should have been.</param>
    /// <returns>A scalar with gradient; it belongs to the caller's dispose scope.</returns>
    /// <exception cref="ArgumentException">Output and targets do not fit each other, or lack something; the message says what.</exception>
    Tensor Compute(PoseOutput output, PoseTargets targets);
}
