using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Losses;

/// <summary>How much each keypoint counts, from what a loss was given as visibility.</summary>
internal sealed class JointWeights(float visibleAbove)
{
    private readonly Scalar _threshold = visibleAbove; // held here: a temporary may be collected during the native call

    public JointWeighting Weighting { get; init; }

    /// <summary>The factor on each keypoint's squared error or other loss, of the shape of <paramref name="visibility"/>.</summary>
    public Tensor OnLoss(Tensor visibility, ScalarType type)
    {
        if (Weighting == JointWeighting.Flags)
        {
            return visibility.gt(_threshold).to(type);
        }
        var weights = visibility.to(type);
        return Weighting == JointWeighting.Maps ? weights * weights : weights;
    }
}
