using Mspn.Core;

namespace Mspn.Inference;

/// <summary>Where a detector found a person.</summary>
/// <param name="Box">The person's box in image pixels.</param>
/// <param name="Score">How sure the detector is, from 0 to 1.</param>
public readonly record struct PersonBox(Box Box, double Score);
