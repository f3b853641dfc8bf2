namespace Mspn.Data;

/// <summary>Where augmentation draws its random numbers from. One source serves one sample and is not shared between threads.</summary>
/// <remarks>The four kinds of draw are kept apart so that a script of numbers can stand in for the generator, as reference tests do.</remarks>
public interface IRandomSource
{
    /// <summary>Uniform in [0, 1).</summary>
    double NextDouble();

    /// <summary>Normal with mean 0 and standard deviation 1.</summary>
    double NextGaussian();

    /// <summary>Uniform between <paramref name="low"/> and <paramref name="high"/>.</summary>
    double NextRange(double low, double high) => low + (high - low) * NextDouble();

    /// <summary>True with probability <paramref name="probability"/>; always draws.</summary>
    bool NextChance(double probability) => NextDouble() <= probability && probability > 0;
}
