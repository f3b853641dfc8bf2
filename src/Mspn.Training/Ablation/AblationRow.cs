namespace Mspn.Training;

/// <summary>One variant's line in an <see cref="AblationTable"/>.</summary>
/// <param name="Variant">What was trained.</param>
/// <param name="Runs">What was trained, in the order of the seeds; at least one.</param>
/// <param name="Mean">Mean score.</param>
/// <param name="Deviation">Standard deviation of the scores (of a sample: n − 1); not a number for a single run.</param>
/// <param name="Parameters">Trainable numbers.</param>
/// <param name="MultiplyAdds">Multiply-adds per image for the final heat maps.</param>
/// <param name="Steps">Mean number of steps.</param>
/// <param name="Seconds">Mean wall time of the training.</param>
public sealed record AblationRow(
    string Variant, IReadOnlyList<AblationResult> Runs, double Mean, double Deviation, long Parameters, long MultiplyAdds, double Steps, double Seconds);
