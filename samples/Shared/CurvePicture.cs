using Mspn.Training;

namespace Mspn.Samples;

/// <summary>Redraws a run's curve after every validation and at its end.</summary>
/// <param name="curve">What a <see cref="CsvTrainingLog"/>, which must come before this log, writes.</param>
/// <param name="picture">The picture, PNG.</param>
/// <param name="title">What is written above it; ASCII.</param>
public sealed class CurvePicture(string curve, string picture, string title) : ITrainingLog
{
    /// <inheritdoc />
    public void Begin(int step, bool resumed)
    {
    }

    /// <inheritdoc />
    public void Step(TrainingProgress progress)
    {
    }

    /// <inheritdoc />
    public void Validated(TrainingProgress progress, IReadOnlyDictionary<string, double> scores) => Draw();

    /// <inheritdoc />
    public void End() => Draw();

    private void Draw()
    {
        var read = TrainingCurve.Read(curve);
        if (read.Steps.Count > 0)
        {
            CurveChart.Draw(read, title).Save(picture);
        }
    }
}
