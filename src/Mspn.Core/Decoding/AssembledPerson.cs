namespace Mspn.Core;

/// <summary>Peaks that belong to one person.</summary>
/// <param name="Peaks">For each keypoint of the schema the peak's id, or −1.</param>
/// <param name="TotalScore">Sum of the scores of the peaks and of the connections that were made between them.</param>
/// <param name="Parts">Number of peaks as the reference counts it: a peak that replaced another is counted again.</param>
public sealed record AssembledPerson(IReadOnlyList<int> Peaks, double TotalScore, int Parts);
