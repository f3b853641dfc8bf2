namespace Mspn.Inference;

/// <summary>Whose a backend's network is.</summary>
internal enum ModelOwnership
{
    /// <summary>The caller's: it is never disposed.</summary>
    Caller,

    /// <summary>The backend's: it is disposed with it.</summary>
    Backend,

    /// <summary>Nobody else's: it may be disposed as soon as it is no longer needed.</summary>
    NobodyElse,
}
