using System.Globalization;

namespace Mspn.Data;

/// <summary>
/// COCO's numbers for found poses, as fractions from 0 to 1. A number is −1 where there is nobody to be found; <see cref="Notes"/> says why.
/// Immutable and thread-safe.
/// </summary>
public sealed class CocoEvaluation
{
    private readonly CocoEvaluatorOptions _options;

    internal CocoEvaluation(CocoEvaluatorOptions options, CocoCurves curves, string boxes)
    {
        (_options, Curves, Boxes) = (options, curves, boxes);
        Numbers =
        [
            ("AP", Precision("all")), ("AP50", Precision("all", 0.5)), ("AP75", Precision("all", 0.75)),
            ("AP_M", Precision("medium")), ("AP_L", Precision("large")),
            ("AR", Recall("all")), ("AR50", Recall("all", 0.5)), ("AR75", Recall("all", 0.75)), ("AR_M", Recall("medium")), ("AR_L", Recall("large")),
        ];
    }

    /// <summary>The ten numbers by the names under which papers have them, in pycocotools' order: AP, AP50, AP75, AP_M, AP_L and the same of AR.</summary>
    public IReadOnlyList<(string Name, double Value)> Numbers { get; }

    /// <summary>Mean precision over thresholds and recalls.</summary>
    public double AP => Numbers[0].Value;

    /// <summary>The same at OKS 0.50.</summary>
    public double AP50 => Numbers[1].Value;

    /// <summary>The same at OKS 0.75.</summary>
    public double AP75 => Numbers[2].Value;

    /// <summary>The same as <see cref="AP"/> for people of medium area (AP_M).</summary>
    public double APMedium => Numbers[3].Value;

    /// <summary>The same as <see cref="AP"/> for people of large area (AP_L).</summary>
    public double APLarge => Numbers[4].Value;

    /// <summary>Mean recall over thresholds.</summary>
    public double AR => Numbers[5].Value;

    /// <summary>Recall at OKS 0.50.</summary>
    public double AR50 => Numbers[6].Value;

    /// <summary>Recall at OKS 0.75.</summary>
    public double AR75 => Numbers[7].Value;

    /// <summary>The same as <see cref="AR"/> for people of medium area (AR_M).</summary>
    public double ARMedium => Numbers[8].Value;

    /// <summary>The same as <see cref="AR"/> for people of large area (AR_L).</summary>
    public double ARLarge => Numbers[9].Value;

    /// <summary>AP by how much people overlap; null unless the images have crowd indices.</summary>
    public CrowdLevels? Crowding { get; internal init; }

    /// <summary>What the numbers are means of.</summary>
    public CocoCurves Curves { get; }

    /// <summary>How well each keypoint is placed in people who were found.</summary>
    public required IReadOnlyList<CocoKeypointScore> Keypoints { get; init; }

    /// <summary>What was scored.</summary>
    public required CocoCounts Counts { get; init; }

    /// <summary>
    /// Where the boxes came from that poses were looked for in: <c>ground truth</c>, a detector's file. The same network gets different numbers
    /// with either, so no AP is printed without this.
    /// </summary>
    public string Boxes { get; }

    /// <summary>In words: why a number is −1, and what was left out. Empty if there is nothing to say.</summary>
    public IReadOnlyList<string> Notes { get; internal set; } = [];

    /// <summary>The ten numbers in pycocotools' layout, those by crowding (if any) in xtcocotools', a line each.</summary>
    public string Table()
    {
        var thresholds = _options.Thresholds;
        var span = string.Create(CultureInfo.InvariantCulture, $"{thresholds[0]:0.00}:{thresholds[^1]:0.00}");
        var lines = Numbers.Select(number => Line(
            number.Name[1] == 'P',
            number.Name[2..] switch { "50" => "0.50", "75" => "0.75", _ => span },
            "area",
            number.Name[2..] switch { "_M" => "medium", "_L" => "large", _ => "all" },
            number.Value));
        if (Crowding is { } levels)
        {
            lines = lines.Concat([
                Line(true, span, "type", "easy", levels.Easy), Line(true, span, "type", "medium", levels.Medium), Line(true, span, "type", "hard", levels.Hard),
            ]);
        }
        return string.Join('\n', lines);
    }

    /// <summary>AP and AR, the source of the boxes, what was scored, and the notes.</summary>
    public string Explain()
    {
        var counts = Counts;
        IEnumerable<string> lines =
        [
            ToString(),
            $"{counts.Images} images, {counts.People} people who count, {counts.Ignored} ignored, {counts.Detections} results, {counts.DetectionsLeftOut} left out.",
            .. Notes,
        ];
        return string.Join('\n', lines);
    }

    /// <summary>AP, AR and the source of the boxes.</summary>
    public override string ToString() => $"AP {Three(AP)}, AR {Three(AR)} (boxes: {Boxes})";

    internal int Area(string name)
    {
        for (var i = 0; i < _options.AreaRanges.Count; i++)
        {
            if (_options.AreaRanges[i].Name == name)
            {
                return i;
            }
        }
        return -1;
    }

    // Null is the mean over all thresholds; -1 a threshold that the options do not have.
    private int? Threshold(double? wanted) => wanted is null ? null : _options.Thresholds.ToList().IndexOf(wanted.Value);

    private double Precision(string area, double? threshold = null) =>
        Area(area) is >= 0 and var a && Threshold(threshold) is not -1 and var t ? Curves.MeanPrecision(a, t) : -1;

    private double Recall(string area, double? threshold = null) =>
        Area(area) is >= 0 and var a && Threshold(threshold) is not -1 and var t ? Curves.MeanRecall(a, t) : -1;

    private string Line(bool precision, string threshold, string kind, string name, double value) => string.Create(
        CultureInfo.InvariantCulture,
        $" {(precision ? "Average Precision" : "Average Recall"),-18} {(precision ? "(AP)" : "(AR)")} @[ IoU={threshold,-9} | {kind}={name,6} | maxDets={_options.MaxDetections,3} ] = {Three(value)}");

    // Three digits as Python prints them. Only sixteenths can lie exactly between two, and there Python takes the even one.
    private static string Three(double value) => value * 16 == Math.Floor(value * 16)
        ? Math.Round((decimal)value, 3, MidpointRounding.ToEven).ToString("0.000", CultureInfo.InvariantCulture)
        : value.ToString("0.000", CultureInfo.InvariantCulture);
}
