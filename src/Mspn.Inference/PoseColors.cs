namespace Mspn.Inference;

/// <summary>What the colours of limbs tell apart.</summary>
public enum PoseColors
{
    /// <summary>The left side in orange, the right side in blue, the middle in green, in all people; boxes and labels tell the people apart.</summary>
    Sides,

    /// <summary>Each person in another colour, its left side lighter and its right side darker.</summary>
    People,
}
