namespace Mspn.Data;

/// <summary>
/// How well one keypoint is placed in people who were found: matched at the lowest threshold, over all areas, where the keypoint is labelled.
/// </summary>
/// <param name="Name">The keypoint's name, or its index where only sigmas are known.</param>
/// <param name="Count">How many of them there are.</param>
/// <param name="Similarity">Mean of the keypoint's own term of OKS, <c>exp(−d² / (2·(2σ)²·area))</c>, from 0 to 1; not a number if there are none.</param>
/// <param name="Error">Mean distance divided by the square root of the person's area; not a number if there are none. Where it equals 2σ the term is
/// 0.61.</param>
public sealed record CocoKeypointScore(string Name, int Count, double Similarity, double Error);
