namespace Mspn.Data;

/// <summary>
/// Precision, score and recall of an evaluation by threshold, recall, range of area and category, in the order of the options; −1 where nobody is
/// annotated. Immutable once it is handed out, and thread-safe.
/// </summary>
public sealed class CocoCurves
{
    private readonly double[] _precisions;
    private readonly double[] _scores;
    private readonly double[] _recalls;

    internal CocoCurves(int thresholds, int areas, int categories)
    {
        (Thresholds, Areas, Categories) = (thresholds, areas, categories);
        _recalls = new double[thresholds * areas * categories];
        (_precisions, _scores) = (new double[_recalls.Length * Recalls], new double[_recalls.Length * Recalls]);
        Array.Fill(_recalls, -1);
        Array.Fill(_precisions, -1);
        Array.Fill(_scores, -1);
    }

    /// <summary>Number of thresholds.</summary>
    public int Thresholds { get; }

    /// <summary>Number of recalls at which precision is read: 101, from 0 to 1.</summary>
    public int Recalls { get; } = CocoEvaluatorOptions.Recalls.Length;

    /// <summary>Number of ranges of area.</summary>
    public int Areas { get; }

    /// <summary>Number of categories, in the order of their ids.</summary>
    public int Categories { get; }

    /// <summary>The highest precision at a recall or beyond it, from 0 to 1; 0 at recalls that are not reached, −1 where nobody is annotated.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index is not below its number.</exception>
    public double Precision(int threshold, int recall, int area, int category = 0) => _precisions[Cell(threshold, recall, area, category)];

    /// <summary>The score down to which results are taken for a recall; 0 at recalls that are not reached, −1 where nobody is annotated.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index is not below its number.</exception>
    public double Score(int threshold, int recall, int area, int category = 0) => _scores[Cell(threshold, recall, area, category)];

    /// <summary>The recall of all results together, from 0 to 1; −1 where nobody is annotated.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index is not below its number.</exception>
    public double Recall(int threshold, int area, int category = 0) => _recalls[Cell(threshold, 0, area, category) / Recalls];

    /// <summary>The mean precision over recalls and categories, and over all thresholds where none is given; −1 where nobody is annotated.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index is not below its number.</exception>
    public double MeanPrecision(int area, int? threshold = null) => Mean(_precisions, Recalls, area, threshold);

    /// <summary>The mean recall over categories, and over all thresholds where none is given; −1 where nobody is annotated.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index is not below its number.</exception>
    public double MeanRecall(int area, int? threshold = null) => Mean(_recalls, 1, area, threshold);

    internal int Row(int threshold, int area, int category) => (threshold * Areas + area) * Categories + category;

    /// <summary>Sets a row's recall, and its precision and scores to 0.</summary>
    internal void Fill(int row, double recall)
    {
        _recalls[row] = recall;
        _precisions.AsSpan(row * Recalls, Recalls).Clear();
        _scores.AsSpan(row * Recalls, Recalls).Clear();
    }

    internal void Set(int row, int recall, double precision, double score) =>
        (_precisions[row * Recalls + recall], _scores[row * Recalls + recall]) = (precision, score);

    private int Cell(int threshold, int recall, int area, int category)
    {
        Check(threshold, Thresholds, nameof(threshold));
        Check(recall, Recalls, nameof(recall));
        Check(area, Areas, nameof(area));
        Check(category, Categories, nameof(category));
        return Row(threshold, area, category) * Recalls + recall;
    }

    private static void Check(int index, int count, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, count, name);
    }

    private double Mean(double[] values, int width, int area, int? threshold)
    {
        Check(area, Areas, nameof(area));
        Check(threshold ?? 0, Thresholds, nameof(threshold));
        var (sum, count) = (0.0, 0);
        for (var t = threshold ?? 0; t < (threshold + 1 ?? Thresholds); t++)
        {
            foreach (var value in values.AsSpan(Row(t, area, 0) * width, Categories * width))
            {
                if (value > -1)
                {
                    sum += value;
                    count++;
                }
            }
        }
        return count == 0 ? -1 : sum / count;
    }
}
