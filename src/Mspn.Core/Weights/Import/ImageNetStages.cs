namespace Mspn.Core;

/// <summary>Which encoders get the weights of a classification network.</summary>
public enum ImageNetStages
{
    /// <summary>Every stage's encoder, as mmpose does.</summary>
    Every,

    /// <summary>The first stage's alone.</summary>
    First,
}
