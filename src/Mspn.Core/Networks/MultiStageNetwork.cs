using System.Diagnostics;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Mspn.Core;

/// <summary>
/// A pose network from parts: a stem, stages, and between them a link (the next stage's input) and, if wanted, cross-stage aggregation; heads read
/// heat maps and extras from the stages' decoders. All networks of this library are arrangements of it.
/// </summary>
/// <remarks>
/// Input <c>[N, 3, H, W]</c>; H and W are multiples of <see cref="SizeMultiple"/> and at least <see cref="MinimumSize"/>. The size of the heat maps
/// follows from the stem's stride and the decoder's finest level: usually <c>[N, K, H/4, W/4]</c>.
/// </remarks>
[DebuggerDisplay("{GetType().Name,nq}, input {InputSize}, {Keypoints}")] // ToString runs the network, which a debugger should not
public class MultiStageNetwork : Module<Tensor, PoseOutput>, IPoseNetwork
{
    private readonly ImageShape _shape;
    private readonly NetworkStem stem;
    private readonly ModuleList<SingleStageModule> stages;
    private readonly ModuleList<StageLink> links;
    private readonly ModuleList<StageHeads> heads;
    private readonly CrossStageAggregation? aggregation;
    private readonly RefineNet? refinement;

    /// <summary>Puts the parts together; the network owns them.</summary>
    /// <param name="stem">What comes before the first stage; its channels are the first stage's input.</param>
    /// <param name="stages">The stages in order; they may be of different kinds.</param>
    /// <param name="keypoints">What the heat maps stand for.</param>
    /// <param name="aggregation">Joins each stage's features to the next stage's encoder; null for none.</param>
    /// <param name="inputSize">The size of the crops it is meant for. Default 256×192.</param>
    /// <param name="head">Makes the heads. Default: <see cref="HeatmapHead"/> for heat maps, <see cref="ConvolutionHead"/> for extras.</param>
    /// <param name="link">Makes the links. Default: <see cref="FeatureLink"/>.</param>
    /// <param name="supervision">Which stages and scales give heat maps. Default: all.</param>
    /// <param name="extras">What each stage that gives heat maps also gives, each under a name of its own. Default: nothing.</param>
    /// <param name="refinement">Makes, of the last decoder's channels and the number of keypoints, a RefineNet whose heat maps are the prediction.</param>
    /// <exception cref="ArgumentException">The parts do not fit; the message says which.</exception>
    public MultiStageNetwork(
        NetworkStem stem,
        IEnumerable<SingleStageModule> stages,
        KeypointSchema keypoints,
        CrossStageAggregation? aggregation = null,
        ImageSize? inputSize = null,
        Func<HeadPlace, PoseHead>? head = null,
        Func<LinkPlace, StageLink>? link = null,
        Supervision supervision = Supervision.EveryScale,
        IReadOnlyList<PoseExtra>? extras = null,
        Func<IReadOnlyList<int>, int, RefineNet>? refinement = null)
        : base(nameof(MultiStageNetwork))
    {
        ArgumentNullException.ThrowIfNull(stem);
        ArgumentNullException.ThrowIfNull(stages);
        ArgumentNullException.ThrowIfNull(keypoints);
        this.stem = stem;
        Stages = [.. stages];
        this.stages = [.. Stages];
        Keypoints = keypoints.Validated();
        Extras = [.. extras ?? []];
        PartsCheck.Stages(stem, Stages);
        PartsCheck.Extras(Extras, refinement is not null);
        _shape = new ImageShape(
            stem.Stride * Stages.Max(stage => stage.Decoder.SizeMultiple), stem.Stride << (Stages.Max(stage => stage.Levels) - 1));
        InputSize = inputSize ?? new ImageSize(256, 192);
        _shape.Check(InputSize.Height, InputSize.Width, nameof(inputSize));

        head ??= place => place.Extra is null ? new HeatmapHead(place.Channels, place.Maps) : new ConvolutionHead(place.Channels, place.Maps);
        link ??= place => new FeatureLink(place);
        heads = new ModuleList<StageHeads>([.. Stages.Select((_, stage) => MakeHeads(stage, head, supervision, refinement is not null))]);
        links = new ModuleList<StageLink>([.. Enumerable.Range(0, Stages.Count - 1).Select(stage => link(PlaceOfLink(stage)))]);
        this.aggregation = Stages.Count > 1 ? aggregation : null;
        this.aggregation?.Connect(Stages);
        this.refinement = refinement?.Invoke(Stages[^1].Decoder.Channels, keypoints.Count);
        RegisterParts();
    }

    /// <summary>What comes before the first stage.</summary>
    public NetworkStem Stem => stem;

    /// <summary>The stages in order.</summary>
    public IReadOnlyList<SingleStageModule> Stages { get; }

    /// <summary>What joins the stages' features; null without aggregation or with a single stage.</summary>
    public CrossStageAggregation? Aggregation => aggregation;

    /// <summary>For each stage but the last, the layer that makes the next stage's input.</summary>
    public IReadOnlyList<StageLink> Links => [.. links];

    /// <summary>The heads of each stage.</summary>
    public IReadOnlyList<StageHeads> Heads => [.. heads];

    /// <summary>What makes the final heat maps of all the last decoder's levels; null if the last stage's finest head does.</summary>
    public RefineNet? Refinement => refinement;

    /// <inheritdoc />
    public KeypointSchema Keypoints { get; }

    /// <inheritdoc />
    public IReadOnlyList<PoseExtra> Extras { get; }

    /// <inheritdoc />
    PoseNetworkOptions? IPoseNetwork.Options => RebuiltFrom;

    /// <summary>What a preset can be rebuilt from; null for networks put together from parts.</summary>
    /// <remarks>Not a virtual property called as the presets' own: TorchSharp reads properties by name and fails where a class has two of one name.</remarks>
    protected virtual PoseNetworkOptions? RebuiltFrom => null;

    /// <inheritdoc />
    public ImageSize InputSize { get; }

    /// <summary>What shape images must have.</summary>
    internal ImageShape Shape => _shape;

    /// <summary>Heights and widths of images must be multiples of this.</summary>
    public int SizeMultiple => _shape.Multiple;

    /// <summary>Heights and widths of images must not be below this.</summary>
    public int MinimumSize => _shape.Minimum;

    /// <inheritdoc />
    public ImageSize HeatmapSize => new(HeatmapSide(InputSize.Height), HeatmapSide(InputSize.Width));

    /// <inheritdoc />
    public override PoseOutput forward(Tensor input) => Predict(input);

    /// <inheritdoc />
    public PoseOutput Predict(Tensor images) => Run(images, everything: true);

    /// <inheritdoc />
    public PoseOutput PredictFinal(Tensor images) => Run(images, everything: false);

    /// <inheritdoc />
    /// <remarks>With offsets they are voted on; without, heat maps are read as the input says, or else as <see cref="UsualDecoding"/>.</remarks>
    public virtual IPoseDecoder CreateDecoder(PoseInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Extras.Any(e => e.Name == PoseExtra.Offsets) ? new HoughVotingDecoder(input.OffsetRadius) : input.CreateHeatmapDecoder(UsualDecoding);
    }

    /// <summary>How heat maps of such a network are read where the input does not say. Default: <see cref="HeatmapDecoding.Official"/>.</summary>
    protected virtual HeatmapDecoding UsualDecoding => HeatmapDecoding.Official;

    /// <summary>Stages, shapes, parameters and multiply-adds as a table; see <see cref="NetworkSummary"/>, for which a blank image is run.</summary>
    public override string ToString() => NetworkSummary.Of(this).ToString();

    private PoseOutput Run(Tensor images, bool everything)
    {
        _shape.Check(images);
        using var scope = NewDisposeScope();
        var output = new OutputCollector(Keypoints.Count, Extras);
        var start = stem.call(images);
        var x = start;
        IReadOnlyList<Tensor>? added = null;
        for (var stage = 0; stage < Stages.Count; stage++)
        {
            var last = stage == Stages.Count - 1;
            var features = stages[stage].call(x, added);
            var has = heads[stage].Maps.Count > 0;
            var wanted = everything || last;
            var linked = !last && links[stage].ReadsMaps;
            // Extras of a stage whose heat maps are replaced by a refinement are still the prediction.
            var maps = has && (linked || everything || (last && refinement is null)) ? heads[stage].ReadFinest(features) : null;
            var extras = linked || wanted ? heads[stage].ReadExtras(features) : [];
            if (wanted)
            {
                output.Add(everything ? heads[stage].ReadCoarser(features) : [], maps, extras);
            }
            if (!last)
            {
                x = links[stage].call(new LinkInput(start, x, features.Decoder[0], maps, extras));
                added = aggregation?.call(stage, features);
            }
            else if (refinement is not null)
            {
                output.Add([], refinement.call(features.Decoder), []);
            }
        }
        return output.ToOutput().MoveToOuterDisposeScope();
    }

    // What a heat-map head gives: the keypoints' maps and the extras that come with them.
    private int MapsOfHead => Keypoints.Count + Extras.Where(e => e.WithHeatmaps).Sum(e => e.Channels);

    private StageHeads MakeHeads(int stage, Func<HeadPlace, PoseHead> head, Supervision supervision, bool refined)
    {
        var decoder = Stages[stage].Decoder.Channels;
        var last = stage == Stages.Count - 1;
        var supervised = last || supervision != Supervision.FinalOnly;
        var levels = supervision switch
        {
            Supervision.EveryScale => decoder.Count,
            _ when last && refined && supervision == Supervision.FinalOnly => 0,
            _ => supervised ? 1 : 0,
        };
        return new StageHeads(
            Enumerable.Range(0, levels).Select(level => head(new HeadPlace(stage, level, decoder[level], MapsOfHead, null))),
            Extras.Where(e => supervised && !e.WithHeatmaps).Select(e => head(new HeadPlace(stage, 0, decoder[0], e.Channels, e))));
    }

    private LinkPlace PlaceOfLink(int stage)
    {
        var maps = heads[stage].Maps.Count == 0 ? 0 : MapsOfHead;
        var extras = heads[stage].Extras.Count == 0 ? 0 : Extras.Where(e => !e.WithHeatmaps).Sum(e => e.Channels);
        return new LinkPlace(
            stage, stem.OutChannels, Stages[stage].InChannels, Stages[stage].Decoder.Channels[0], maps, extras, Stages[stage + 1].InChannels);
    }

    private int HeatmapSide(int side)
    {
        var level = Stages[^1].Decoder.FinestLevel;
        var cells = side / stem.Stride;
        return level >= 0 ? cells >> level : cells << -level;
    }

    // By hand, since reflection over a derived type would miss the private fields here.
    private void RegisterParts()
    {
        register_module(nameof(stem), stem);
        register_module(nameof(stages), stages);
        register_module(nameof(links), links);
        register_module(nameof(heads), heads);
        if (aggregation is not null)
        {
            register_module(nameof(aggregation), aggregation);
        }
        if (refinement is not null)
        {
            register_module(nameof(refinement), refinement);
        }
    }
}
