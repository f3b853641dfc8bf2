using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Mspn.Core;

/// <summary>
/// A pose network from parts: a stem, stages, and between them a link (the next stage's input) and, if wanted, cross-stage aggregation.
/// Every decoder level of every stage has a heat-map head for supervision.
/// </summary>
/// <remarks>Input <c>[N, 3, H, W]</c> with H and W multiples of 4 and at least 32; heat maps <c>[N, K, H/4, W/4]</c>.</remarks>
public class MultiStageNetwork : Module<Tensor, PoseOutput>, IPoseNetwork
{
    private const int MinimumInput = 32;

    private readonly NetworkStem stem;
    private readonly ModuleList<SingleStageModule> stages;
    private readonly ModuleList<ConvBnRelu> links;
    private readonly ModuleList<ModuleList<HeatmapHead>> heads;
    private readonly CrossStageAggregation? aggregation;

    /// <summary>Puts the parts together; the network owns them.</summary>
    /// <param name="stem">What comes before the first stage; its channels are the first stage's input.</param>
    /// <param name="stages">The stages in order; they may be of different kinds.</param>
    /// <param name="keypoints">What the heat maps stand for.</param>
    /// <param name="aggregation">Joins each stage's features to the next stage's encoder; null for none.</param>
    /// <param name="inputSize">The size of the crops it is meant for. Default 256×192.</param>
    /// <param name="bias">Whether convolutions of links and heads have biases. Default true.</param>
    /// <exception cref="ArgumentException">The parts do not fit; the message says which.</exception>
    public MultiStageNetwork(
        NetworkStem stem,
        IEnumerable<SingleStageModule> stages,
        KeypointSchema keypoints,
        CrossStageAggregation? aggregation = null,
        ImageSize? inputSize = null,
        bool bias = true)
        : base(nameof(MultiStageNetwork))
    {
        ArgumentNullException.ThrowIfNull(stem);
        ArgumentNullException.ThrowIfNull(stages);
        ArgumentNullException.ThrowIfNull(keypoints);
        this.stem = stem;
        Stages = [.. stages];
        this.stages = [.. Stages];
        Keypoints = keypoints.Validated();
        InputSize = inputSize ?? new ImageSize(256, 192);
        CheckSize(InputSize.Height, InputSize.Width, nameof(inputSize));
        CheckParts();

        links = new ModuleList<ConvBnRelu>(
            [.. Stages.Zip(Stages.Skip(1), (stage, next) => new ConvBnRelu(stage.Decoder.Channels[0], next.InChannels, 1, bias: bias))]);
        heads = new ModuleList<ModuleList<HeatmapHead>>(
            [.. Stages.Select(stage => new ModuleList<HeatmapHead>(
                [.. stage.Decoder.Channels.Select(channels => new HeatmapHead(channels, keypoints.Count, bias))]))]);
        this.aggregation = Stages.Count > 1 ? aggregation : null;
        this.aggregation?.Connect(Stages);

        // By hand, since reflection over a derived type would miss the private fields here.
        register_module(nameof(stem), stem);
        register_module(nameof(stages), this.stages);
        register_module(nameof(links), links);
        register_module(nameof(heads), heads);
        if (this.aggregation is not null)
        {
            register_module(nameof(aggregation), this.aggregation);
        }
    }

    /// <summary>What comes before the first stage.</summary>
    public NetworkStem Stem => stem;

    /// <summary>The stages in order.</summary>
    public IReadOnlyList<SingleStageModule> Stages { get; }

    /// <summary>What joins the stages' features; null without aggregation or with a single stage.</summary>
    public CrossStageAggregation? Aggregation => aggregation;

    /// <summary>For each stage but the last, the layer that makes the next stage's input from its finest decoder features.</summary>
    public IReadOnlyList<ConvBnRelu> Links => [.. links];

    /// <summary>The heads of one stage, by level from the finest to the coarsest.</summary>
    public IReadOnlyList<HeatmapHead> Heads(int stage) => [.. heads[stage]];

    /// <inheritdoc />
    public KeypointSchema Keypoints { get; }

    /// <inheritdoc />
    public ImageSize InputSize { get; }

    /// <inheritdoc />
    public ImageSize HeatmapSize => new(InputSize.Height / 4, InputSize.Width / 4);

    /// <inheritdoc />
    public override PoseOutput forward(Tensor input) => Predict(input);

    /// <inheritdoc />
    public PoseOutput Predict(Tensor images)
    {
        using var scope = NewDisposeScope();
        var heatmaps = new List<IReadOnlyList<Tensor>>();
        RunStages(images, (stage, features) =>
        {
            var finest = features.Decoder[0].shape;
            // Scales are reported from the coarsest to the finest, levels run the other way.
            heatmaps.Add([.. Enumerable.Range(0, features.Decoder.Count).Reverse()
                .Select(level => Resampling.Bilinear(heads[stage][level].call(features.Decoder[level]), finest[2], finest[3]))]);
        });
        return new PoseOutput(heatmaps).MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    public Tensor PredictFinal(Tensor images)
    {
        using var scope = NewDisposeScope();
        Tensor? final = null;
        RunStages(images, (stage, features) =>
        {
            if (stage == Stages.Count - 1)
            {
                final = heads[stage][0].call(features.Decoder[0]);
            }
        });
        return final!.MoveToOuterDisposeScope();
    }

    /// <summary>Stages, shapes, parameters and multiply-adds as a table; see <see cref="NetworkSummary"/>.</summary>
    public override string ToString() => NetworkSummary.Of(this).ToString();

    private void RunStages(Tensor images, Action<int, StageFeatures> visit)
    {
        CheckInput(images);
        var x = Stem.call(images);
        IReadOnlyList<Tensor>? added = null;
        for (var stage = 0; stage < Stages.Count; stage++)
        {
            var features = Stages[stage].call(x, added);
            visit(stage, features);
            if (stage + 1 < Stages.Count)
            {
                x = links[stage].call(features.Decoder[0]);
                added = Aggregation?.call(stage, features);
            }
        }
    }

    private void CheckParts()
    {
        if (Stages.Count == 0)
        {
            throw new ArgumentException("A network needs at least one stage.", "stages");
        }
        if (Stages[0].InChannels != Stem.OutChannels)
        {
            throw new ArgumentException(
                $"The stem gives {Stem.OutChannels} channels, but the first stage expects {Stages[0].InChannels}.", "stages");
        }
    }

    private static void CheckInput(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.dim() != 4 || images.shape[1] != 3)
        {
            throw new ArgumentException($"Expected images of shape [N, 3, H, W], given [{string.Join(", ", images.shape)}].", nameof(images));
        }
        CheckSize(images.shape[2], images.shape[3], nameof(images));
    }

    private static void CheckSize(long height, long width, string name)
    {
        if (height < MinimumInput || width < MinimumInput || height % 4 != 0 || width % 4 != 0)
        {
            throw new ArgumentException(
                $"Expected a height and width that are multiples of 4 and at least {MinimumInput}, given {height}×{width}.", name);
        }
    }
}
