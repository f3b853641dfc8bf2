namespace Mspn.Data;

/// <summary>The handful of draws that the synthetic people are made of.</summary>
internal static class RandomDraws
{
    public static bool Chance(this SampleRandom random, double probability) => random.NextDouble() < probability;

    public static float Between(this SampleRandom random, double low, double high) => (float)random.NextRange(low, high);

    /// <summary>Uniform in ± <paramref name="spread"/>.</summary>
    public static float Within(this SampleRandom random, double spread) => (float)random.NextRange(-spread, spread);

    public static T Pick<T>(this SampleRandom random, IReadOnlyList<T> items) => items[random.NextInt(items.Count)];

    /// <summary>A factor around 1: normal, cut off at two standard deviations so that no limb degenerates.</summary>
    public static float Factor(this SampleRandom random, double deviation) =>
        (float)(1 + deviation * Math.Clamp(random.NextGaussian(), -2, 2));
}
