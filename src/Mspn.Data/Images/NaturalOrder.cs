namespace Mspn.Data;

/// <summary>The order of names in which numbers count as numbers: <c>frame9</c> is before <c>frame10</c>. Letters' case is looked at last.</summary>
internal sealed class NaturalOrder : IComparer<string>
{
    private NaturalOrder()
    {
    }

    /// <summary>The order; it has no state.</summary>
    public static NaturalOrder Instance { get; } = new();

    /// <inheritdoc />
    public int Compare(string? x, string? y)
    {
        var left = x.AsSpan();
        var right = y.AsSpan();
        while (!left.IsEmpty && !right.IsEmpty)
        {
            var first = Part(left);
            var second = Part(right);
            var order = char.IsAsciiDigit(first[0]) && char.IsAsciiDigit(second[0])
                ? CompareNumbers(first, second)
                : first.CompareTo(second, StringComparison.OrdinalIgnoreCase);
            if (order != 0)
            {
                return order;
            }
            left = left[first.Length..];
            right = right[second.Length..];
        }
        return left.Length != right.Length ? left.Length - right.Length : string.CompareOrdinal(x, y);
    }

    // The digits in front, or what is in front of the next digit.
    private static ReadOnlySpan<char> Part(ReadOnlySpan<char> text)
    {
        var end = char.IsAsciiDigit(text[0]) ? text.IndexOfAnyExceptInRange('0', '9') : text.IndexOfAnyInRange('0', '9');
        return end < 0 ? text : text[..end];
    }

    // Of any length: more digits are more, after the zeros in front.
    private static int CompareNumbers(ReadOnlySpan<char> x, ReadOnlySpan<char> y)
    {
        var first = x.TrimStart('0');
        var second = y.TrimStart('0');
        return first.Length != second.Length ? first.Length - second.Length : first.SequenceCompareTo(second);
    }
}
