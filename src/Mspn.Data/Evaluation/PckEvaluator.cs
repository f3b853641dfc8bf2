using Mspn.Core;

namespace Mspn.Data;

/// <summary>What distances are divided by.</summary>
public enum PckNormalizer
{
    /// <summary>
    /// The torso: right shoulder to left hip or left shoulder to right hip, the longer of the two where both are labelled, else the one
    /// that is. People with neither are left out.
    /// </summary>
    Torso,

    /// <summary>The head: neck (MPII: upper neck) to head top. People without both are left out. COCO's keypoints have no such points.</summary>
    Head,

    /// <summary>The longer side of the person's box.</summary>
    Box,
}

/// <summary>Percentage of correct keypoints, as fractions from 0 to 1.</summary>
public sealed record PckResult
{
    /// <summary>What distances were divided by.</summary>
    public required PckNormalizer Normalizer { get; init; }

    /// <summary>A keypoint is correct if its normalised distance is below this.</summary>
    public required double Threshold { get; init; }

    /// <summary>Correct keypoints among all that count; not a number if none does.</summary>
    public required double Value { get; init; }

    /// <summary>The same for each keypoint by name; not a number for one that was never labelled.</summary>
    public required IReadOnlyDictionary<string, double> PerKeypoint { get; init; }

    /// <summary>The mean of <see cref="PerKeypoint"/> over the keypoints that occur.</summary>
    public double MeanOverKeypoints => PerKeypoint.Values.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();

    /// <summary>Keypoints that count.</summary>
    public required int Count { get; init; }

    /// <summary>People that count.</summary>
    public required int People { get; init; }

    /// <summary>People left out because the normalising distance is not labelled.</summary>
    public required int PeopleLeftOut { get; init; }
}

/// <summary>Collects predictions against annotations and counts correct keypoints. Not thread-safe.</summary>
public sealed class PckEvaluator
{
    private readonly KeypointSchema _schema;
    private readonly PckNormalizer _normalizer;
    private readonly (int, int)[] _segments;
    private readonly List<double>[] _distances;
    private int _people;
    private int _leftOut;

    /// <summary>Creates an empty evaluator.</summary>
    /// <param name="schema">The keypoints.</param>
    /// <param name="normalizer">What distances are divided by. Default the torso.</param>
    /// <exception cref="ArgumentException">The schema lacks the keypoints that the normaliser needs.</exception>
    public PckEvaluator(KeypointSchema schema, PckNormalizer normalizer = PckNormalizer.Torso)
    {
        ArgumentNullException.ThrowIfNull(schema);
        _schema = schema;
        _normalizer = normalizer;
        _segments = [.. (normalizer switch
        {
            PckNormalizer.Torso => [("right_shoulder", "left_hip"), ("left_shoulder", "right_hip")],
            PckNormalizer.Head => [("neck", "head_top"), ("upper_neck", "head_top"), ("neck", "top_head")],
            _ => Array.Empty<(string, string)>(),
        }).Select(s => (schema.IndexOf(s.Item1), schema.IndexOf(s.Item2))).Where(s => s is { Item1: >= 0, Item2: >= 0 })];
        if (_segments.Length == 0 && normalizer != PckNormalizer.Box)
        {
            throw new ArgumentException($"{schema} has no keypoints that span the {normalizer.ToString().ToLowerInvariant()}.", nameof(normalizer));
        }
        _distances = [.. schema.Keypoints.Select(_ => new List<double>())];
    }

    /// <summary>Adds one person.</summary>
    /// <param name="truth">The annotation.</param>
    /// <param name="predicted">The prediction for every keypoint, in image pixels.</param>
    public void Add(PoseSample truth, IReadOnlyList<KeypointPrediction> predicted)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(predicted);
        if (truth.Keypoints.Count != _schema.Count || predicted.Count != _schema.Count)
        {
            throw new ArgumentException(
                $"{_schema} expected, given {truth.Keypoints.Count} annotated and {predicted.Count} predicted keypoints.");
        }
        var reference = Reference(truth);
        if (!(reference > 0))
        {
            _leftOut++;
            return;
        }
        _people++;
        for (var k = 0; k < _schema.Count; k++)
        {
            var t = truth.Keypoints[k];
            if (t.IsLabelled)
            {
                var distance = Distance(t.X - predicted[k].X, t.Y - predicted[k].Y) / reference;
                _distances[k].Add(double.IsNaN(distance) ? double.PositiveInfinity : distance);
            }
        }
    }

    /// <summary>Counts what was added so far.</summary>
    /// <param name="threshold">A keypoint is correct if its distance is below this fraction of the reference. Default 0.2.</param>
    public PckResult Result(double threshold = 0.2)
    {
        var correct = _distances.Select(d => d.Count(x => x < threshold)).ToArray();
        var count = _distances.Sum(d => d.Count);
        return new PckResult
        {
            Normalizer = _normalizer,
            Threshold = threshold,
            Value = (double)correct.Sum() / count,
            PerKeypoint = Enumerable.Range(0, _schema.Count).ToDictionary(k => _schema.Keypoints[k], k => (double)correct[k] / _distances[k].Count),
            Count = count,
            People = _people,
            PeopleLeftOut = _leftOut,
        };
    }

    private double Reference(PoseSample truth)
    {
        if (_normalizer == PckNormalizer.Box)
        {
            return Math.Max(truth.Box.Width, truth.Box.Height);
        }
        var longest = 0.0;
        foreach (var (a, b) in _segments)
        {
            var (p, q) = (truth.Keypoints[a], truth.Keypoints[b]);
            if (p.IsLabelled && q.IsLabelled)
            {
                longest = Math.Max(longest, Distance(p.X - q.X, p.Y - q.Y));
            }
        }
        return longest;
    }

    private static double Distance(double dx, double dy) => Math.Sqrt(dx * dx + dy * dy);
}
