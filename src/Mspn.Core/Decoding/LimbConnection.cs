namespace Mspn.Core;

/// <summary>Two peaks that a limb joins.</summary>
/// <param name="From">The peak where it begins.</param>
/// <param name="To">The peak where it ends.</param>
/// <param name="Score">Mean of the field along it, less the penalty for length.</param>
internal readonly record struct LimbConnection(KeypointPeak From, KeypointPeak To, double Score);
