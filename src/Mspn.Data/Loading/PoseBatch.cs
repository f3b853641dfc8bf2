using static TorchSharp.torch;

namespace Mspn.Data;

/// <summary>Crops, targets and visibilities of some people. The caller disposes it.</summary>
public sealed class PoseBatch : IDisposable
{
    internal PoseBatch(IReadOnlyList<int> indices, Tensor images, Tensor targets, Tensor visibility)
    {
        Indices = indices;
        Images = images;
        Targets = targets;
        Visibility = visibility;
    }

    /// <summary>Which people of the data set these are.</summary>
    public IReadOnlyList<int> Indices { get; }

    /// <summary>Normalised crops, float32 <c>[N, 3, H, W]</c>.</summary>
    public Tensor Images { get; }

    /// <summary>Heat maps, float32 <c>[N, L, K, h, w]</c>, the widest kernel first.</summary>
    public Tensor Targets { get; }

    /// <summary>COCO's flag of each keypoint, float32 <c>[N, K]</c>; 0 where it fell outside the crop.</summary>
    public Tensor Visibility { get; }

    /// <inheritdoc />
    public void Dispose()
    {
        Images.Dispose();
        Targets.Dispose();
        Visibility.Dispose();
    }
}
