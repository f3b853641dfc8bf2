namespace Mspn.Data;

/// <summary>
/// A small seeded generator (SplitMix64). The same seeds give the same numbers on every machine and .NET version, so a sample's
/// augmentation depends on (seed, epoch, index) alone and never on the number of workers.
/// </summary>
public sealed class SampleRandom : IRandomSource
{
    private ulong _state;

    /// <summary>A generator for one sample.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">The epoch, or any other number that should change the draw.</param>
    /// <param name="index">The sample's index, likewise.</param>
    public SampleRandom(long seed, long epoch = 0, long index = 0)
    {
        _state = Mix(Mix(Mix((ulong)seed) ^ (ulong)epoch) ^ (ulong)index);
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong NextUInt64()
    {
        _state += 0x9E3779B97F4A7C15;
        return Mix(_state);
    }

    /// <inheritdoc />
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <inheritdoc />
    public double NextGaussian() =>
        Math.Sqrt(-2 * Math.Log(1 - NextDouble())) * Math.Cos(2 * Math.PI * NextDouble());

    /// <inheritdoc />
    public double NextRange(double low, double high) => low + (high - low) * NextDouble();

    /// <summary>A whole number from 0 up to, but not including, <paramref name="below"/>.</summary>
    public int NextInt(int below)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(below, 1);
        return (int)(NextDouble() * below);
    }

    /// <summary>Shuffles in place (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong Mix(ulong z)
    {
        z += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
