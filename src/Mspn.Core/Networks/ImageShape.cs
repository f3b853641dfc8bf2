using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>What shape images must have. Native code would answer another one with a message without shapes, or by ending the process.</summary>
/// <param name="Multiple">Height and width are multiples of this.</param>
/// <param name="Minimum">Height and width are not below this.</param>
internal sealed record ImageShape(int Multiple, int Minimum)
{
    public void Check(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.dim() != 4 || images.shape[1] != 3)
        {
            throw new ArgumentException($"Expected images of shape [N, 3, H, W], given [{string.Join(", ", images.shape)}].", nameof(images));
        }
        Check(images.shape[2], images.shape[3], nameof(images));
    }

    public void Check(long height, long width, string name)
    {
        if (height < Minimum || width < Minimum || height % Multiple != 0 || width % Multiple != 0)
        {
            throw new ArgumentException(
                $"Expected a height and width that are multiples of {Multiple} and at least {Minimum}, given {height}×{width}.", name);
        }
    }
}
