using Mspn.Core;
using static TorchSharp.torch;

namespace Mspn.Data;

/// <summary>Crops of some people and what a network should predict for them. The caller disposes it.</summary>
public sealed class PoseBatch : IDisposable
{
    internal PoseBatch(IReadOnlyList<int> indices, Tensor images, PoseTargets targets)
    {
        Indices = indices;
        Images = images;
        Targets = targets;
    }

    /// <summary>Which people of the data set these are.</summary>
    public IReadOnlyList<int> Indices { get; }

    /// <summary>Normalised crops, float32 <c>[N, 3, H, W]</c>.</summary>
    public Tensor Images { get; }

    /// <summary>
    /// Heat maps, float32 <c>[N, L, K, h, w]</c>, the widest kernel first; COCO's flag of each keypoint, float32 <c>[N, K]</c>, 0 where it fell
    /// outside the crop; the target's extras, float32 <c>[N, C, h, w]</c>.
    /// </summary>
    public PoseTargets Targets { get; }

    /// <inheritdoc />
    public void Dispose()
    {
        Images.Dispose();
        Targets.Dispose();
    }
}
