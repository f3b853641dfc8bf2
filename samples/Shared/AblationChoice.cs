using Mspn.Core;
using Mspn.Losses;

namespace Mspn.Samples;

/// <summary>One arm of the paper's ablations: a kind of stage, how many, and which of the three ideas it has.</summary>
/// <param name="Module">The stage: <c>mspn</c> (channels double on the way down) or <c>hourglass</c> (as many on every level).</param>
/// <param name="Stages">How many.</param>
/// <param name="Aggregation">Whether each stage's features reach the next stage's encoder.</param>
/// <param name="CoarseToFine">Whether later stages are trained against narrower kernels.</param>
/// <param name="HardKeypoints">Whether only the hardest keypoints count at the finest scale.</param>
/// <param name="Blocks">Residual blocks: at each level (mspn) or place (hourglass).</param>
public sealed record AblationChoice(string Module, int Stages, bool Aggregation = true, bool CoarseToFine = true, bool HardKeypoints = true, int Blocks = 0)
{
    private const int UsualMspnBlocks = 2;
    private const int UsualHourglassBlocks = 1;

    /// <summary>Kinds of stages.</summary>
    public static IReadOnlyList<string> Modules { get; } = ["mspn", "hourglass"];

    /// <summary>The paper's tables by name, small enough for a CPU.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<AblationChoice>> Presets { get; } = new Dictionary<string, IReadOnlyList<AblationChoice>>
    {
        // More stages of either kind, beside one stage of MSPN that costs as much as two.
        ["stages"] = [new("mspn", 1), new("mspn", 1, Blocks: 5), new("mspn", 2), new("mspn", 3), new("hourglass", 1), new("hourglass", 2), new("hourglass", 4)],
        ["coarse-to-fine"] = [.. Modules.SelectMany(module => new AblationChoice[] { new(module, 2, false, false), new(module, 2, false, true) })],
        ["aggregation"] = [.. Modules.SelectMany(module => new AblationChoice[] { new(module, 2, false), new(module, 2) })],
        ["paper-small"] =
        [
            new("mspn", 1), new("mspn", 1, Blocks: 5), new("mspn", 2, false, false), new("mspn", 2, false), new("mspn", 2), new("mspn", 2, HardKeypoints: false),
            new("hourglass", 1), new("hourglass", 2, false, false), new("hourglass", 2, false), new("hourglass", 2),
        ],
    };

    /// <summary>A name for tables and folders.</summary>
    public string Name => $"{Module}{Stages}" + (Blocks > 0 ? $"-{Blocks}blocks" : "") + (Stages > 1 && Aggregation ? "+aggregation" : "")
        + (Stages > 1 && CoarseToFine ? "+coarse-to-fine" : "") + (HardKeypoints ? "" : "-ohkm");

    /// <summary>The same for readers; after a line break, which of the ideas it has.</summary>
    public string Title
    {
        get
        {
            var kind = $"{(Module == "mspn" ? "MSPN" : "Hourglass")}, {Stages} stage{(Stages > 1 ? "s" : "")}" + (Blocks > 0 ? $", {Blocks} blocks a {(Module == "mspn" ? "level" : "place")}" : "");
            var ideas = string.Join(", ", new[]
            {
                Stages > 1 && Aggregation ? "aggregation" : "",
                Stages > 1 && CoarseToFine ? "coarse-to-fine" : "",
                Stages > 1 && !Aggregation && !CoarseToFine ? "plain" : "",
                HardKeypoints ? "" : "no OHKM",
            }.Where(idea => idea.Length > 0));
            return ideas.Length > 0 ? $"{kind}\n{ideas}" : kind;
        }
    }

    /// <summary>Builds the network, with random weights.</summary>
    /// <param name="keypoints">What it finds.</param>
    /// <param name="size">Size of the crops.</param>
    /// <param name="width">MSPN's channels on the first level.</param>
    /// <param name="upsample">MSPN's channels on the way up, and the hourglass's on every level.</param>
    public MultiStageNetwork Build(KeypointSchema keypoints, ImageSize size, int width, int upsample) => new(
        new ResNetStem(Module == "mspn" ? width : upsample, bias: false),
        Enumerable.Range(0, Stages).Select(_ => Module == "mspn"
            ? SingleStageModule.Mspn(width, [.. Enumerable.Repeat(Blocks > 0 ? Blocks : UsualMspnBlocks, 4)], upsample, bias: false)
            : SingleStageModule.Hourglass(upsample, depth: 3, Blocks > 0 ? Blocks : UsualHourglassBlocks)),
        keypoints,
        Aggregation ? new CrossStageAggregation() : null,
        size,
        head: place => new HeatmapHead(place.Channels, place.Maps, bias: false),
        link: Module == "mspn" ? null : place => new ResidualLink(place));

    /// <summary>The loss.</summary>
    /// <param name="topK">How many hard keypoints count.</param>
    public MultiStageLoss Loss(int topK) => new(
        new JointsMseLoss(VisibilityConvention.Mmpose), HardKeypoints ? new OhkmLoss(topK) : new JointsMseLoss(VisibilityConvention.Mmpose))
    {
        CoarseToFineSupervision = CoarseToFine,
    };
}
