using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Training;

/// <summary>The numbers of a step.</summary>
/// <param name="Rate">The step's length, negative: the learning rate with the first moment's correction.</param>
/// <param name="Correction">The second moment's correction, below the root of it.</param>
/// <param name="GradientFactor">What gradients are multiplied by first.</param>
/// <param name="WeightDecay">The L2 term.</param>
internal readonly record struct AdamNumbers(double Rate, double Correction, double GradientFactor, double WeightDecay);

/// <summary>What moves one parameter; all tensors have its shape.</summary>
/// <param name="Weight">The parameter, moved in place.</param>
/// <param name="Gradient">Its gradient, which is kept.</param>
/// <param name="Mean">The first moment, updated in place.</param>
/// <param name="Square">The second moment, updated in place.</param>
/// <param name="Numbers">The step's numbers.</param>
internal sealed record AdamMove(Tensor Weight, Tensor Gradient, Tensor Mean, Tensor Square, AdamNumbers Numbers)
{
    // Held here: a temporary scalar may be collected during the native call that reads it.
    private static readonly Scalar Decay1 = Adam.Beta1;
    private static readonly Scalar Decay2 = Adam.Beta2;
    private static readonly Scalar Gain1 = 1 - Adam.Beta1;
    private static readonly Scalar Gain2 = 1 - Adam.Beta2;
    private static readonly Scalar Offset = Adam.Epsilon;
    private static readonly Scalar One = 1;

    /// <summary>Moves the parameter by torch's operations: any type on any device.</summary>
    public void WithTensors()
    {
        using var scope = NewDisposeScope();
        using Scalar factor = Numbers.GradientFactor;
        using Scalar decay = Numbers.WeightDecay;
        using Scalar rate = Numbers.Rate;
        using Scalar correction = Numbers.Correction;
        var gradient = Gradient.mul(factor).add_(Weight, alpha: decay);
        Mean.mul_(Decay1).add_(gradient, alpha: Gain1);
        Square.mul_(Decay2).addcmul_(gradient, gradient, Gain2);
        Weight.addcdiv_(Mean, Square.sqrt().div_(correction).add_(Offset, One), rate);
    }
}
