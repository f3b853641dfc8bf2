using System.Globalization;
using Mspn.Core;

namespace Mspn.Training;

/// <summary>Writes a run's curve as comma-separated values: a row for every step, and validations into a second file beside it.</summary>
/// <remarks>
/// Rows reach the operating system one by one, so that a killed program loses none. A resumed run takes back the rows of the steps that it repeats: the files
/// end up with those of an uninterrupted run, times and speeds aside. Numbers have a decimal point everywhere, and come back the same.
/// <see cref="TrainingCurve.Read"/> reads both files.
/// </remarks>
/// <param name="path">The file of steps, such as <c>curve.csv</c>; validations go to <c>curve.validation.csv</c>. Missing folders are created.</param>
public sealed class CsvTrainingLog(string path) : ITrainingLog
{
    internal const string StepColumns = "step,epoch,loss,smoothed_loss,learning_rate,people_per_second,waiting_share,elapsed_seconds";
    internal const string ScoreColumns = "step,epoch,elapsed_seconds,score,value";

    private readonly CsvFile _steps = new(path, StepColumns);
    private readonly CsvFile _scores = new(ScoresOf(path), ScoreColumns);
    private int _begunAt;

    /// <summary>Steps between two rows, at least 1. Default 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int Every { get; init => field = Require.AtLeast(value, 1, nameof(Every)); } = 1;

    /// <inheritdoc />
    public void Begin(int step, bool resumed)
    {
        _begunAt = step;
        _steps.Open(resumed ? step : null);
        _scores.Open(resumed ? step : null);
    }

    /// <inheritdoc />
    public void Step(TrainingProgress progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        if (progress.Step % Every == 0)
        {
            _steps.Append(string.Create(
                CultureInfo.InvariantCulture,
                $"{progress.Step},{progress.Epoch},{progress.Loss:R},{progress.SmoothedLoss:R},{progress.LearningRate:R},"
                + $"{progress.PeoplePerSecond:0.0},{progress.WaitingShare:0.0000},{progress.Elapsed.TotalSeconds:0.000}"));
        }
    }

    /// <inheritdoc />
    public void Validated(TrainingProgress progress, IReadOnlyDictionary<string, double> scores)
    {
        ArgumentNullException.ThrowIfNull(progress);
        ArgumentNullException.ThrowIfNull(scores);
        if (progress.Step == _begunAt)
        {
            _scores.CutAfter(_begunAt - 1); // a run that was interrupted between a checkpoint and the validation of its step repeats that
            _begunAt = -1; // its other scores belong to this validation
        }
        foreach (var (name, score) in scores)
        {
            _scores.Append(string.Create(
                CultureInfo.InvariantCulture, $"{progress.Step},{progress.Epoch},{progress.Elapsed.TotalSeconds:0.000},{Quoted(name)},{score:R}"));
        }
    }

    /// <inheritdoc />
    public void End()
    {
        _steps.Close();
        _scores.Close();
    }

    internal static string ScoresOf(string path) => Path.ChangeExtension(path, ".validation" + Path.GetExtension(path));

    // The name is one field, and a row is one line.
    private static string Quoted(string name) =>
        name.AsSpan().ContainsAny(",\"\r\n") ? $"\"{name.ReplaceLineEndings(" ").Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : name;
}
