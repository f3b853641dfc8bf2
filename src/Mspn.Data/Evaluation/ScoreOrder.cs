namespace Mspn.Data;

/// <summary>Indices in the order of falling scores, those with equal scores in the order in which they stood (numpy's mergesort of −score).</summary>
internal static class ScoreOrder
{
    /// <summary>Sorts ascending indices and, along with them, the negated scores.</summary>
    public static void Sort(Span<double> negated, Span<int> indices)
    {
        negated.Sort(indices);
        // The sort is not stable, but ties are rare and their indices were ascending.
        for (var start = 0; start < negated.Length;)
        {
            var end = start + 1;
            while (end < negated.Length && negated[end] == negated[start])
            {
                end++;
            }
            if (end - start > 1)
            {
                indices[start..end].Sort();
            }
            start = end;
        }
    }
}
