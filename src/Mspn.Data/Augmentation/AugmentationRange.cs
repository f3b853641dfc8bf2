using System.Runtime.CompilerServices;

namespace Mspn.Data;

/// <summary>How far something may vary: 0 is not at all. Unchecked, what is not a number would make black crops without a word.</summary>
internal static class AugmentationRange
{
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, infinite or not a number.</exception>
    public static void Check(double value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        if (!(value >= 0 && double.IsFinite(value)))
        {
            throw new ArgumentOutOfRangeException(name, value, "Must be finite and not negative.");
        }
    }
}
