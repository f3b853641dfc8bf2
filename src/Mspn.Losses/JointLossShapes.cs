using static TorchSharp.torch;

namespace Mspn.Losses;

internal static class JointLossShapes
{
    // Mismatches would broadcast silently or end the process in native code.
    public static void Check(Tensor prediction, Tensor target, Tensor visibility)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(visibility);
        if (prediction.dim() != 4 || !prediction.shape.SequenceEqual(target.shape))
        {
            throw new ArgumentException($"Prediction {Show(prediction)} and target {Show(target)} must both be [N, K, h, w].");
        }
        if (visibility.dim() != 2 || visibility.shape[0] != prediction.shape[0] || visibility.shape[1] != prediction.shape[1])
        {
            throw new ArgumentException($"Visibility {Show(visibility)} must be [N, K] for a prediction {Show(prediction)}.");
        }
    }

    public static string Show(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";
}
