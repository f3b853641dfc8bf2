namespace Mspn.Core;

/// <summary>A local maximum of a heat map: a keypoint of somebody.</summary>
/// <param name="X">Column.</param>
/// <param name="Y">Row.</param>
/// <param name="Score">The heat map's own value there, before smoothing.</param>
/// <param name="Id">Its place in the list of all peaks of the image.</param>
/// <param name="Keypoint">Index of the keypoint in the schema.</param>
public readonly record struct KeypointPeak(int X, int Y, double Score, int Id, int Keypoint);
