using System.Text.Json.Serialization;
using Mspn.Core;

namespace Mspn.Training;

/// <summary>How a learning rate falls after its warm-up: a factor on the rate for each position in a run. The names in the attributes are those in recipes.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(LinearDecay), "linear")]
[JsonDerivedType(typeof(StepDecay), "steps")]
[JsonDerivedType(typeof(CosineDecay), "cosine")]
[JsonDerivedType(typeof(NoDecay), "none")]
public abstract record LearningRateDecay
{
    private protected LearningRateDecay()
    {
    }

    /// <summary>The factor.</summary>
    /// <param name="whole">Used part of the whole run, 0 to 1.</param>
    /// <param name="afterWarmup">Used part of what follows the warm-up, 0 or more; with a budget of time the same as <paramref name="whole"/>.</param>
    public abstract double FactorAt(double whole, double afterWarmup);

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentException">One is out of range; the message names it.</exception>
    internal virtual void Validate()
    {
    }
}

/// <summary>Along a line from 1 after the warm-up to 0 at the end: the official MSPN code.</summary>
public sealed record LinearDecay : LearningRateDecay
{
    /// <inheritdoc />
    public override double FactorAt(double whole, double afterWarmup) => Math.Max(0, 1 - afterWarmup);
}

/// <summary>Along half a cosine from 1 after the warm-up to <see cref="FinalFactor"/> at the end (Loshchilov and Hutter 2017, without restarts).</summary>
public sealed record CosineDecay : LearningRateDecay
{
    /// <summary>The factor at the end. Default 0.</summary>
    public double FinalFactor { get; init; }

    /// <inheritdoc />
    public override double FactorAt(double whole, double afterWarmup) =>
        FinalFactor + (1 - FinalFactor) * (1 + Math.Cos(Math.PI * Math.Min(1, afterWarmup))) / 2;

    internal override void Validate() => Require.Probability(FinalFactor);
}

/// <summary>Down by a factor at certain points of the whole run. The defaults are mmpose's for MSPN: a tenth from epoch 170 of 210 on, a hundredth from 200.</summary>
public sealed record StepDecay : LearningRateDecay
{
    /// <summary>Where, in parts of <see cref="Length"/>. Default 170 and 200.</summary>
    public IReadOnlyList<double> Milestones { get; init; } = [170, 200];

    /// <summary>Length of the run in the unit of <see cref="Milestones"/>, epochs or any other. Default 210.</summary>
    public double Length { get; init; } = 210;

    /// <summary>What each of them multiplies the rate by. Default 0.1.</summary>
    public double Factor { get; init; } = 0.1;

    /// <inheritdoc />
    public override double FactorAt(double whole, double afterWarmup) => Math.Pow(Factor, Milestones.Count(m => whole >= m / Length));

    /// <inheritdoc />
    public bool Equals(StepDecay? other) =>
        other is not null && Length == other.Length && Factor == other.Factor && Milestones.SequenceEqual(other.Milestones);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Length, Factor, Milestones.Count);

    internal override void Validate()
    {
        Require.Positive(Length);
        Require.Positive(Factor);
        ArgumentNullException.ThrowIfNull(Milestones);
        if (Milestones.Any(m => !(m >= 0 && m <= Length)))
        {
            throw new ArgumentException($"{nameof(Milestones)} must be from 0 to {Length}, not [{string.Join(", ", Milestones)}].");
        }
    }
}

/// <summary>Not at all.</summary>
public sealed record NoDecay : LearningRateDecay
{
    /// <inheritdoc />
    public override double FactorAt(double whole, double afterWarmup) => 1;
}
