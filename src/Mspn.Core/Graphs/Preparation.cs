namespace Mspn.Core;

/// <summary>What is done to a network to make it a <see cref="PreparedNetwork"/>. By default all of it; less shows what each step is worth.</summary>
internal sealed record Preparation
{
    /// <summary>What to compute with. Default <see cref="NumericPrecision.Exact"/>.</summary>
    public NumericPrecision Precision { get; init; }

    /// <summary>Whether images may be of any size that the network takes. Default false.</summary>
    public bool AnySize { get; init; }

    /// <summary>Whether the maps of all stages and scales are computed, as in training, and then dropped. Default false.</summary>
    public bool EveryMap { get; init; }

    /// <summary>Whether normalisations are folded into convolutions. Default true.</summary>
    public bool Folds { get; init; } = true;

    /// <summary>Whether channels lie side by side in memory. Default true; with <see cref="Fuses"/> they do in any case.</summary>
    public bool ChannelsLast { get; init; } = true;

    /// <summary>Whether additions and ReLUs are joined with oneDNN's convolutions, and weights sorted for these. Default true.</summary>
    public bool Fuses { get; init; } = true;
}
