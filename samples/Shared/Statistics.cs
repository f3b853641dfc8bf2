namespace Mspn.Samples;

/// <summary>What is told of repeated measurements.</summary>
public static class Statistics
{
    /// <summary>The middle one; of an even number the larger of the two.</summary>
    public static double Median(IEnumerable<double> values) => Quantile(values, 0.5);

    /// <summary>The value below which a share of all lies.</summary>
    /// <param name="values">The values.</param>
    /// <param name="share">From 0 to 1.</param>
    public static double Quantile(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted[Math.Min((int)(share * sorted.Length), sorted.Length - 1)];
    }

    /// <summary>The median of ratios of measurements that were made in turn.</summary>
    public static double MedianRatio(IEnumerable<double> values, IEnumerable<double> reference) => Median(values.Zip(reference, (a, b) => a / b));
}
