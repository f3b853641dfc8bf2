using System.Runtime.CompilerServices;

namespace Mspn.Core;

/// <summary>Checks of arguments that the base library has no words for.</summary>
internal static class Require
{
    /// <summary>Gives the value back if it is a positive number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is zero, negative, infinite or not a number.</exception>
    public static double Positive(double value, [CallerArgumentExpression(nameof(value))] string? name = null) => value > 0 && double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, "A positive, finite number is needed.");

    /// <summary>Gives the value back if it is a number of at least 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, infinite or not a number.</exception>
    public static double NotNegative(double value, [CallerArgumentExpression(nameof(value))] string? name = null) => value >= 0 && double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, "A finite number of at least 0 is needed.");

    /// <summary>Makes sure that a size has pixels.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Its height or its width is below 1.</exception>
    public static void Pixels(ImageSize size, [CallerArgumentExpression(nameof(size))] string? name = null)
    {
        if (size.Height < 1 || size.Width < 1)
        {
            throw new ArgumentOutOfRangeException(name, size, "At least one pixel each way is needed.");
        }
    }

    /// <summary>Makes sure that two parts of a program speak of the same keypoints.</summary>
    /// <param name="has">What has the first ones, as in "the data set".</param>
    /// <param name="schema">Its keypoints.</param>
    /// <param name="needs">What has the others.</param>
    /// <param name="needed">Its keypoints.</param>
    /// <param name="name">The argument to blame.</param>
    /// <exception cref="ArgumentException">They differ; all names of both are listed.</exception>
    public static void SameKeypoints(string has, KeypointSchema schema, string needs, KeypointSchema needed, string name)
    {
        if (!schema.HasSameKeypoints(needed))
        {
            throw new ArgumentException(
                $"Keypoints of {has} and {needs} must have the same names in the same order. {Named(has, schema)} {Named(needs, needed)}", name);
        }

        static string Named(string owner, KeypointSchema schema) =>
            $"{char.ToUpperInvariant(owner[0])}{owner[1..]} has {schema}: {string.Join(", ", schema.Keypoints)}.";
    }

    /// <summary>Gives the value back if it is not below another.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below.</exception>
    public static int AtLeast(int value, int least, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least, name);
        return value;
    }

    /// <summary>The same of a value that may be left out.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below.</exception>
    public static int? AtLeast(int? value, int least, string name) => value is { } number ? AtLeast(number, least, name) : null;

    /// <summary>Gives the value back if it is from 0 to 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public static double Probability(double value, [CallerArgumentExpression(nameof(value))] string? name = null) => value >= 0 && value <= 1
        ? value
        : throw new ArgumentOutOfRangeException(name, value, "Must be from 0 to 1.");
}
