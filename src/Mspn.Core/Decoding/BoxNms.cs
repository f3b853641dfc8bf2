namespace Mspn.Core;

/// <summary>Removes boxes that overlap a better one: what detectors end with (<c>nms</c> of HRNet's <c>lib/nms/nms.py</c>).</summary>
public static class BoxNms
{
    /// <summary>Keeps the best box, drops those that overlap it by more than the threshold, and goes on with what is left.</summary>
    /// <param name="boxes">The boxes.</param>
    /// <param name="scores">A score for each.</param>
    /// <param name="threshold">Largest intersection over union of two boxes that both stay.</param>
    /// <returns>Indices of the boxes that stay, the best first. Of boxes with one score the last comes first.</returns>
    /// <remarks>
    /// The reference takes corners to be pixels that belong to the box: its box from x1 to x2 is one of width <c>x2 − x1 + 1</c> here.
    /// </remarks>
    /// <exception cref="ArgumentException">There are not as many scores as boxes.</exception>
    public static IReadOnlyList<int> Hard(IReadOnlyList<Box> boxes, IReadOnlyList<double> scores, double threshold)
    {
        ArgumentNullException.ThrowIfNull(boxes);
        ArgumentNullException.ThrowIfNull(scores);
        if (boxes.Count != scores.Count)
        {
            throw new ArgumentException($"{boxes.Count} boxes need as many scores, given {scores.Count}.", nameof(scores));
        }
        return GreedySuppression.Hard(scores, (a, b) => boxes[a].IntersectionOverUnion(boxes[b]), threshold);
    }
}
