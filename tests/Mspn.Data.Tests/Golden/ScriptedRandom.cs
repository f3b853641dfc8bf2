using System.Text.Json;

namespace Mspn.Data.Tests.Golden;

/// <summary>Hands out the numbers that the reference was given, each kind of draw from its own list.</summary>
internal sealed class ScriptedRandom(double[] uniform, double[] gaussian, double[] chance, double[] range) : IRandomSource
{
    public ScriptedRandom(JsonElement random)
        : this(random.Numbers("rand"), random.Numbers("randn"), random.Numbers("rr"), random.Numbers("ru"))
    {
    }

    public int Uniforms { get; private set; }

    public int Gaussians { get; private set; }

    public int Chances { get; private set; }

    public int Ranges { get; private set; }

    public double NextDouble() => uniform[Uniforms++];

    public double NextGaussian() => gaussian[Gaussians++];

    public double NextRange(double low, double high) => low + (high - low) * range[Ranges++];

    public bool NextChance(double probability) => chance[Chances++] <= probability;
}
