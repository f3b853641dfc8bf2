using Mspn.Core;

namespace Mspn.Data;

/// <summary>Collects predictions against annotations and counts correct keypoints. Not thread-safe.</summary>
/// <remarks>
/// Keypoints that are not labelled do not count. A labelled one that was not found, or whose position is no number, is wrong at every threshold. Equal to
/// mmpose's <c>keypoint_pck_accuracy</c>, <c>keypoint_auc</c>, <c>keypoint_epe</c> and <c>keypoint_nme</c>
/// (<c>mmpose/evaluation/functional/keypoint_eval.py</c>), which compute distances in single precision.
/// </remarks>
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
        if (_segments.Length == 0 && normalizer is PckNormalizer.Torso or PckNormalizer.Head)
        {
            throw new ArgumentException($"{schema} has no keypoints that span the {normalizer.ToString().ToLowerInvariant()}.", nameof(normalizer));
        }
        _distances = [.. schema.Keypoints.Select(_ => new List<double>())];
    }

    /// <summary>Adds one person.</summary>
    /// <param name="truth">The annotation.</param>
    /// <param name="predicted">The prediction for every keypoint, in image pixels.</param>
    /// <exception cref="ArgumentException">Annotation or prediction have another number of keypoints than the schema, or the normaliser is
    /// <see cref="PckNormalizer.Given"/>.</exception>
    public void Add(PoseSample truth, IReadOnlyList<KeypointPrediction> predicted)
    {
        ArgumentNullException.ThrowIfNull(truth);
        if (_normalizer == PckNormalizer.Given)
        {
            throw new ArgumentException($"The normaliser {PckNormalizer.Given} needs a length for each person.", nameof(truth));
        }
        Count(truth, predicted, Reference(truth));
    }

    /// <summary>Adds one person with the length that its distances are divided by, for <see cref="PckNormalizer.Given"/>.</summary>
    /// <param name="truth">The annotation.</param>
    /// <param name="predicted">The prediction for every keypoint, in image pixels.</param>
    /// <param name="reference">The length, in image pixels. The person is left out if it is not above 0 or not finite.</param>
    /// <exception cref="ArgumentException">Annotation or prediction have another number of keypoints than the schema, or the normaliser is not
    /// <see cref="PckNormalizer.Given"/>.</exception>
    public void Add(PoseSample truth, IReadOnlyList<KeypointPrediction> predicted, double reference)
    {
        ArgumentNullException.ThrowIfNull(truth);
        if (_normalizer != PckNormalizer.Given)
        {
            throw new ArgumentException($"The normaliser {_normalizer} has lengths of its own, but {reference} was given.", nameof(reference));
        }
        Count(truth, predicted, reference);
    }

    /// <summary>Counts what was added so far.</summary>
    /// <param name="threshold">A keypoint is correct if its distance is below this fraction of the reference. Default 0.2.</param>
    /// <param name="inclusive">Whether a distance equal to the threshold is correct too. Default false.</param>
    public PckResult Result(double threshold = 0.2, bool inclusive = false)
    {
        var correct = _distances.Select(d => d.Count(x => inclusive ? x <= threshold : x < threshold)).ToArray();
        var count = _distances.Sum(d => d.Count);
        return new PckResult
        {
            Normalizer = _normalizer,
            Threshold = threshold,
            Inclusive = inclusive,
            Value = (double)correct.Sum() / count,
            PerKeypoint = Enumerable.Range(0, _schema.Count).ToDictionary(k => _schema.Keypoints[k], k => (double)correct[k] / _distances[k].Count),
            CountPerKeypoint = Enumerable.Range(0, _schema.Count).ToDictionary(k => _schema.Keypoints[k], k => _distances[k].Count),
            Count = count,
            People = _people,
            PeopleLeftOut = _leftOut,
        };
    }

    /// <summary>The curve over thresholds that are equally far apart: 0 and up to, but without, a maximum.</summary>
    /// <param name="maximum">Where the curve ends. Default 1; for <see cref="PckNormalizer.Pixels"/> a number of pixels.</param>
    /// <param name="steps">Number of thresholds. Default 20, as in mmpose.</param>
    /// <exception cref="ArgumentOutOfRangeException">The maximum is not positive, or there are no steps.</exception>
    public IReadOnlyList<PckResult> Curve(double maximum = 1, int steps = 20)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maximum);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        return [.. Enumerable.Range(0, steps).Select(i => Result(maximum * i / steps))];
    }

    /// <summary>
    /// The area under the curve, from 0 to 1: the mean of its <see cref="PckResult.MeanOverKeypoints"/>, as in mmpose's <c>keypoint_auc</c>. That one divides
    /// all distances by one number of pixels, which here is the maximum with <see cref="PckNormalizer.Pixels"/>. Not a number if nobody counts.
    /// </summary>
    /// <param name="maximum">Where the curve ends. Default 1; for <see cref="PckNormalizer.Pixels"/> a number of pixels.</param>
    /// <param name="steps">Number of thresholds, of which the first is 0. Default 20, as in mmpose.</param>
    /// <exception cref="ArgumentOutOfRangeException">The maximum is not positive, or there are no steps.</exception>
    public double AreaUnderCurve(double maximum = 1, int steps = 20) => Curve(maximum, steps).Average(result => result.MeanOverKeypoints);

    /// <summary>
    /// The mean normalised distance of all keypoints that count: mmpose's <c>keypoint_nme</c>, and with <see cref="PckNormalizer.Pixels"/> its
    /// <c>keypoint_epe</c>, in pixels. Infinite if a labelled keypoint was not found; not a number if none counts, where mmpose has 0.
    /// </summary>
    public double MeanDistance => _distances.SelectMany(d => d).DefaultIfEmpty(double.NaN).Average();

    private void Count(PoseSample truth, IReadOnlyList<KeypointPrediction> predicted, double reference)
    {
        ArgumentNullException.ThrowIfNull(predicted);
        if (truth.Keypoints.Count != _schema.Count || predicted.Count != _schema.Count)
        {
            throw new ArgumentException(
                $"{_schema} expected, given {truth.Keypoints.Count} annotated and {predicted.Count} predicted keypoints.");
        }
        if (!(reference > 0 && double.IsFinite(reference)))
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

    private double Reference(PoseSample truth)
    {
        switch (_normalizer)
        {
            case PckNormalizer.Box:
                return Math.Max(truth.Box.Width, truth.Box.Height);
            case PckNormalizer.HeadBox:
                return truth.HeadSize ?? 0;
            case PckNormalizer.Pixels:
                return 1;
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
