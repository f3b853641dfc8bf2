using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>What one stage computes, level by level; level 0 is the finest.</summary>
/// <param name="Encoder">Down-sampling features, <c>[N, EncoderChannels[l], h_l, w_l]</c>.</param>
/// <param name="Decoder">Up-sampling features, <c>[N, DecoderChannels[l], h_l, w_l]</c>.</param>
/// <remarks>The tensors belong to the dispose scope in which the stage was called.</remarks>
public sealed record StageFeatures(IReadOnlyList<Tensor> Encoder, IReadOnlyList<Tensor> Decoder)
{
    internal StageFeatures MoveToOuterDisposeScope()
    {
        foreach (var tensor in Encoder.Concat(Decoder).Distinct<Tensor>(ReferenceEqualityComparer.Instance))
        {
            tensor.MoveToOuterDisposeScope();
        }
        return this;
    }
}
