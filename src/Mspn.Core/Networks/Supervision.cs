namespace Mspn.Core;

/// <summary>Which stages and scales of a network give heat maps to train on.</summary>
public enum Supervision
{
    /// <summary>Every scale of every stage, as in MSPN.</summary>
    EveryScale,

    /// <summary>The finest scale of every stage, as in stacked Hourglass networks.</summary>
    EveryStage,

    /// <summary>The last stage's finest scale alone: no intermediate supervision.</summary>
    FinalOnly,
}
