namespace Mspn.Core;

/// <summary>An annotated keypoint.</summary>
/// <param name="X">Column in pixels; pixel centres are at integers, the first at 0.</param>
/// <param name="Y">Row in pixels, likewise.</param>
/// <param name="Visibility">COCO's flag: 0 not labelled, 1 labelled but hidden, 2 labelled and visible.</param>
public readonly record struct Keypoint(double X, double Y, float Visibility)
{
    /// <summary>Whether the position means anything.</summary>
    public bool IsLabelled => Visibility > 0;
}
