using System.Numerics;
using FluentAssertions;

namespace Mspn.Testing;

/// <summary>How far numbers are from a reference's.</summary>
public static class Differences
{
    /// <summary>The largest difference; infinite if one of them is not a number, which a maximum alone would pass over.</summary>
    /// <param name="actual">What was computed; as many as are expected.</param>
    /// <param name="expected">The reference's numbers.</param>
    /// <param name="because">What is compared, for the message if there are more or fewer.</param>
    public static double Largest<T>(IReadOnlyCollection<T> actual, IReadOnlyCollection<double> expected, string because = "")
        where T : INumber<T>
    {
        actual.Should().HaveSameCount(expected, because);
        return actual.Zip(expected, (a, e) => Math.Abs(double.CreateChecked(a) - e)).Select(d => double.IsNaN(d) ? double.PositiveInfinity : d)
            .DefaultIfEmpty(0).Max();
    }
}
