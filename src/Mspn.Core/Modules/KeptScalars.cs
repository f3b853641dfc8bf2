using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>Sums and differences whose implicit factor of 1 is a scalar that lives as long as the program.</summary>
/// <remarks>
/// TorchSharp 0.107 makes a temporary <see cref="Scalar"/> for the factor of every <c>a + b</c> and <c>a.add_(b)</c>, and nothing keeps it alive
/// during the native call. If a garbage collection falls into that call, the factor is read from freed memory: an error at best, a wrong sum at
/// worst. In code that runs thousands of times beside a busy data loader this does happen.
/// </remarks>
internal static class KeptScalars
{
    private static readonly Scalar One = 1;
    private static readonly Scalar MinusOne = -1;

    public static Tensor Plus(this Tensor left, Tensor right) => Noted(left, right, left.add(right, One));

    /// <summary>The right side must be held by the caller, too.</summary>
    public static Tensor Plus(this Tensor left, Scalar right)
    {
        var sum = left.add(right, One);
        GraphRecorder.Current?.Add(new ConstantAdditionOperation(right.ToDouble()), [left], sum);
        return sum;
    }

    public static Tensor PlusInPlace(this Tensor left, Tensor right) => Noted(left, right, left.add_(right, One));

    public static Tensor Minus(this Tensor left, Tensor right) => left.add(right, MinusOne);

    public static Tensor IncrementInPlace(this Tensor counter) => counter.add_(One, One);

    private static Tensor Noted(Tensor left, Tensor right, Tensor sum)
    {
        GraphRecorder.Current?.Add(new AdditionOperation(), [left, right], sum);
        return sum;
    }
}
