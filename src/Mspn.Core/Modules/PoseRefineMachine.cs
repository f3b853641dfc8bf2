using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Mspn.Core;

/// <summary>
/// RSN's pose-refine machine (Cai et al. 2020, section 3.3) on top of a head: what one convolution makes of the maps is weighted by the product of
/// one attention over maps (from their means) and one over places (a depthwise 9×9 convolution).
/// </summary>
/// <remarks>
/// As mmpose builds it (<c>PRM</c> in <c>mspn_head.py</c>). The attention over maps normalises over the batch alone, so training needs batches of at
/// least two. Maps come out of a ReLU and are never negative.
/// </remarks>
public sealed class PoseRefineMachine : PoseHead
{
    private const int AttentionKernel = 9;
    private static readonly Scalar One = 1; // held here: a temporary may be collected during the native call

    private readonly PoseHead head;
    private readonly ConvBnRelu conv;
    private readonly Linear linear1;
    private readonly BatchNormalization bn1;
    private readonly Linear linear2;
    private readonly BatchNormalization bn2;
    private readonly ConvBnRelu place;
    private readonly ConvBnRelu depthwise;
    private readonly ConvBnRelu pointwise;

    /// <summary>Creates the machine.</summary>
    /// <param name="head">The head whose maps are refined; owned.</param>
    /// <param name="maps">Number of maps.</param>
    /// <param name="bias">Whether convolutions in front of normalisation have biases. Default false, as in mmpose.</param>
    public PoseRefineMachine(PoseHead head, int maps, bool bias = false)
        : base(nameof(PoseRefineMachine))
    {
        ArgumentNullException.ThrowIfNull(head);
        this.head = head;
        conv = new ConvBnRelu(maps, maps, 3, bias: bias);
        linear1 = Linear(maps, maps);
        bn1 = new BatchNormalization(maps);
        linear2 = Linear(maps, maps);
        bn2 = new BatchNormalization(maps);
        place = new ConvBnRelu(maps, maps, 1, bias: bias);
        depthwise = new ConvBnRelu(maps, maps, AttentionKernel, bias: bias, groups: maps);
        pointwise = new ConvBnRelu(maps, 1, 1, bias: bias);
        RegisterComponents();
    }

    /// <inheritdoc />
    public override Tensor forward(Tensor input1, (long Height, long Width) input2)
    {
        using var scope = NewDisposeScope();
        var maps = conv.call(head.call(input1, input2));
        var means = maps.MeanOverPlaces();
        var overMaps = bn2.call(linear2.call(bn1.call(linear1.call(means)).ReluInPlace())).Relu().Sigmoid().AsPlace();
        var overPlaces = pointwise.call(depthwise.call(place.call(maps))).Sigmoid();
        return maps.Times(overMaps.Times(overPlaces).Plus(One)).MoveToOuterDisposeScope();
    }
}
