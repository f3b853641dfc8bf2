using System.Globalization;
using Mspn.Core;

namespace Mspn.Data;

/// <summary>
/// COCO's evaluation of found poses: average precision and recall over OKS, equal to pycocotools (<c>COCOeval</c> with
/// <c>iouType="keypoints"</c>) and, for CrowdPose, to xtcocotools. Immutable and thread-safe; works on one core.
/// </summary>
/// <remarks>
/// Crowds and people without labelled keypoints are never missed, and results that match them are neither right nor wrong. The file's <c>ignore</c> flag
/// counts for nothing, as in the reference. A result's area, which only decides whether a result that found nobody counts in a range of area, is its
/// box's if the first result has a box, else that of the extent of its keypoints.
/// </remarks>
public sealed class CocoEvaluator
{
    internal const string TruthName = "ground truth";
    internal const string ResultsName = "results";

    private readonly OksKernel _kernel;
    private readonly IReadOnlyList<string> _names;

    /// <summary>Creates an evaluator for a schema's keypoints.</summary>
    /// <param name="schema">The keypoints, with sigmas.</param>
    /// <param name="options">What to do. Default pycocotools'.</param>
    /// <exception cref="ArgumentException">The schema has no sigmas, or the options do not fit together.</exception>
    public CocoEvaluator(KeypointSchema schema, CocoEvaluatorOptions? options = null)
        : this(SigmasOf(schema), schema.Keypoints, options)
    {
    }

    /// <summary>Creates an evaluator for keypoints of which only the sigmas are known.</summary>
    /// <param name="sigmas">Standard deviation of annotators for each keypoint, relative to the square root of the person's area
    /// (<c>kpt_oks_sigmas</c>).</param>
    /// <param name="options">What to do. Default pycocotools'.</param>
    /// <exception cref="ArgumentException">There are no sigmas, one is not positive, or the options do not fit together.</exception>
    public CocoEvaluator(IReadOnlyList<double> sigmas, CocoEvaluatorOptions? options = null)
        : this(sigmas, [.. Enumerable.Range(0, sigmas?.Count ?? 0).Select(k => k.ToString(CultureInfo.InvariantCulture))], options)
    {
    }

    private CocoEvaluator(IReadOnlyList<double> sigmas, IReadOnlyList<string> names, CocoEvaluatorOptions? options)
    {
        ArgumentNullException.ThrowIfNull(sigmas);
        if (sigmas.Count == 0 || sigmas.Any(s => !(s > 0) || !double.IsFinite(s)))
        {
            throw new ArgumentException($"OKS needs a positive sigma for each keypoint, given [{string.Join(", ", sigmas)}].", nameof(sigmas));
        }
        (_kernel, _names, Options) = (new OksKernel(sigmas), names, (options ?? new CocoEvaluatorOptions()).Validated());
    }

    /// <summary>What it does.</summary>
    public CocoEvaluatorOptions Options { get; }

    /// <summary>Scores results against annotations.</summary>
    /// <param name="images">Every image of the ground truth, those without annotations too.</param>
    /// <param name="people">Its annotations, crowds and people without keypoints too, in the order of the file (it decides between equals).</param>
    /// <param name="results">The poses, in the order of their file (likewise). <see cref="KeypointPrediction.Missing"/> counts as being at (0, 0), which is how
    /// result files have it.</param>
    /// <param name="boxes">Where the boxes came from that poses were looked for in, such as <c>ground truth</c> or a detector's file; it is printed beside
    /// every AP. Default: not stated.</param>
    /// <exception cref="PoseDataException">An annotation or a result that is scored has another number of keypoints or is not finite, or a result has an image
    /// that is not there; the message names the annotation or the result and its image.</exception>
    /// <exception cref="ArgumentException">The options name an image that is not there.</exception>
    public CocoEvaluation Evaluate(
        IReadOnlyList<CocoImageInfo> images, IReadOnlyList<CocoPerson> people, IReadOnlyList<CocoResult> results, string boxes = "not stated")
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(people);
        ArgumentNullException.ThrowIfNull(results);
        ArgumentException.ThrowIfNullOrWhiteSpace(boxes);
        var grouping = new CocoGrouping(images, people, Options);
        var (truth, found) = (new FlatPeople(people, grouping, _kernel, Options), new FlatResults(results, grouping, _kernel, Options));
        var matches = new CocoMatcher(truth, found, Options);
        var reader = new CurveReader(matches, found);
        var ignored = truth.IsIgnored.Count(flag => flag);
        var evaluation = new CocoEvaluation(Options, Read(reader, grouping, Options.AreaRanges.Count, null), boxes)
        {
            Keypoints = KeypointScores(truth, found, matches),
            Counts = new CocoCounts(grouping.Images, truth.Count - ignored, ignored, found.Count, results.Count - found.Count),
            Crowding = grouping.CrowdIndices.Any(index => index is not null) ? Crowding(reader, grouping) : null,
        };
        evaluation.Notes = CocoNotes.Of(evaluation, Options, truth, found, matches, grouping);
        return evaluation;
    }

    /// <summary>
    /// OKS of one annotation with one result, from 0 to 1: the mean over labelled keypoints of <c>exp(−d² / (2·(2σ)²·area))</c>. Where none is labelled, the
    /// mean over all of them, with the distance to the annotation's box after it has grown by its own size on every side.
    /// </summary>
    /// <exception cref="PoseDataException">Either has another number of keypoints or is not finite.</exception>
    public double Similarity(CocoPerson person, CocoResult result)
    {
        ArgumentNullException.ThrowIfNull(person);
        ArgumentNullException.ThrowIfNull(result);
        var options = Options with { Rules = CocoRules.Pycocotools, Images = null, Categories = null };
        var grouping = new CocoGrouping([new CocoImageInfo(person.ImageId, null, null)], [person], options);
        var found = new FlatResults([result with { ImageId = person.ImageId, CategoryId = person.CategoryId }], grouping, _kernel, options);
        return new FlatPeople([person], grouping, _kernel, options).Similarity(0, found.X(0), found.Y(0));
    }

    private static IReadOnlyList<double> SigmasOf(KeypointSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return schema.Validated().Sigmas is { Count: > 0 } sigmas
            ? sigmas
            : throw new ArgumentException($"{schema} has no sigmas, without which there is no OKS.", nameof(schema));
    }

    private CocoCurves Read(CurveReader reader, CocoGrouping grouping, int areas, Func<int, bool>? takes)
    {
        var curves = new CocoCurves(Options.Thresholds.Count, areas, grouping.Categories);
        for (var category = 0; category < grouping.Categories; category++)
        {
            reader.Read(curves, category, category * grouping.Images, grouping.Images, takes);
        }
        return curves;
    }

    // In the first range of area, as xtcocotools.
    private CrowdLevels Crowding(CurveReader reader, CocoGrouping grouping)
    {
        double Level(int level) =>
            Read(reader, grouping, 1, image => grouping.CrowdIndices[image] is { } index && CrowdLevels.Of(index) == level).MeanPrecision(0);
        return new CrowdLevels(Level(0), Level(1), Level(2));
    }

    private CocoKeypointScore[] KeypointScores(FlatPeople people, FlatResults results, CocoMatcher matches)
    {
        var sums = new (int Count, double Similarity, double Error)[_kernel.Keypoints];
        for (var i = 0; i < results.Count; i++)
        {
            if (matches.Found[i] is not (>= 0 and var person))
            {
                continue;
            }
            var x = results.X(i);
            var y = results.Y(i);
            var area = people.Areas[person];
            for (var k = 0; k < sums.Length; k++)
            {
                if (people.IsLabelled(person, k))
                {
                    var keypoint = people.Keypoint(person, k);
                    var (dx, dy) = (x[k] - keypoint.X, y[k] - keypoint.Y);
                    sums[k].Count++;
                    sums[k].Similarity += _kernel.Term(k, dx, dy, area);
                    sums[k].Error += Math.Sqrt((dx * dx + dy * dy) / (area + OksKernel.LeastArea));
                }
            }
        }
        return [.. sums.Select((s, k) => new CocoKeypointScore(_names[k], s.Count, s.Similarity / s.Count, s.Error / s.Count))];
    }
}
