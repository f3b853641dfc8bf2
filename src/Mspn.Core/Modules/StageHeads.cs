using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Mspn.Core;

/// <summary>The heads of one stage: heat maps of some of its decoder levels, extras of its finest level.</summary>
public sealed class StageHeads : Module
{
    private readonly ModuleList<PoseHead> maps;
    private readonly ModuleList<PoseHead> extras;

    internal StageHeads(IEnumerable<PoseHead> maps, IEnumerable<PoseHead> extras)
        : base(nameof(StageHeads))
    {
        this.maps = new ModuleList<PoseHead>([.. maps]);
        this.extras = new ModuleList<PoseHead>([.. extras]);
        RegisterComponents();
    }

    /// <summary>Heads of heat maps by decoder level, finest first: all levels, the finest alone, or none.</summary>
    public IReadOnlyList<PoseHead> Maps => [.. maps];

    /// <summary>Heads of the extras that have one, in the network's order.</summary>
    public IReadOnlyList<PoseHead> Extras => [.. extras];

    /// <summary>What the finest heat-map head gives.</summary>
    internal Tensor ReadFinest(StageFeatures features) => Read(features, 0);

    /// <summary>What the heads of all levels but the finest give, at the finest level's size, coarsest first.</summary>
    internal IEnumerable<Tensor> ReadCoarser(StageFeatures features) =>
        Enumerable.Range(1, Math.Max(0, maps.Count - 1)).Reverse().Select(level => Read(features, level));

    /// <summary>What the heads of the extras give.</summary>
    internal Tensor[] ReadExtras(StageFeatures features)
    {
        var finest = features.Decoder[0];
        return [.. extras.Select(head => head.call(finest, (finest.shape[2], finest.shape[3])))];
    }

    private Tensor Read(StageFeatures features, int level)
    {
        var size = features.Decoder[0].shape;
        return maps[level].call(features.Decoder[level], (size[2], size[3]));
    }
}
