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

    public static void CheckMask(Tensor? mask, Tensor prediction)
    {
        if (mask is null)
        {
            return;
        }
        var (m, p) = (mask.shape, prediction.shape);
        if (m.Length != 4 || m[0] != p[0] || (m[1] != p[1] && m[1] != 1) || m[2] != p[2] || m[3] != p[3])
        {
            throw new ArgumentException($"Mask {Show(mask)} must be [N, K, h, w] or [N, 1, h, w] for a prediction {Show(prediction)}.");
        }
    }

    public static void CheckOffsets(Tensor prediction, Tensor target, Tensor disks)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(disks);
        var shape = disks.shape;
        if (shape.Length != 4
            || !prediction.shape.SequenceEqual([shape[0], 2 * shape[1], shape[2], shape[3]])
            || !prediction.shape.SequenceEqual(target.shape))
        {
            throw new ArgumentException(
                $"Offsets {Show(prediction)} and their target {Show(target)} must both be [N, 2K, h, w] for disks [N, K, h, w], given {Show(disks)}.");
        }
    }

    public static string Show(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";
}
