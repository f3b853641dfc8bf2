using Mspn.Core;
using Mspn.Losses;
using static TorchSharp.torch;

namespace Mspn.Training.Tests;

/// <summary>The usual loss until a step whose loss is not a number.</summary>
internal sealed class NanLoss(int step, double value = double.NaN) : IPoseLoss
{
    private readonly MultiStageLoss _loss = new();
    private int _steps;

    public Tensor Compute(PoseOutput output, PoseTargets targets) => ++_steps == step
        ? output.Final.mean() * value
        : _loss.Compute(output, targets);
}
