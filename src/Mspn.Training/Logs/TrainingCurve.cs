using System.Globalization;
using Mspn.Core;

namespace Mspn.Training;

/// <summary>The curve that a <see cref="CsvTrainingLog"/> has written.</summary>
/// <param name="Steps">Steps, in order.</param>
/// <param name="Scores">Validation scores, in the order of steps.</param>
public sealed record TrainingCurve(IReadOnlyList<TrainingCurveStep> Steps, IReadOnlyList<TrainingCurveScore> Scores)
{
    /// <summary>Reads a curve, also while it is still being written.</summary>
    /// <param name="path">The file of steps. Without validations beside it there are no scores.</param>
    /// <exception cref="PoseDataException">The file is missing, or a row cannot be read; the message names file and row.</exception>
    public static TrainingCurve Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var scores = CsvTrainingLog.ScoresOf(path);
        return new TrainingCurve(
            Rows(path, CsvTrainingLog.StepColumns, f => new TrainingCurveStep(Whole(f[0]), Number(f[2]), Number(f[3]), Number(f[4]))),
            File.Exists(scores) ? Rows(scores, CsvTrainingLog.ScoreColumns, Score) : []);
    }

    // The name may hold commas; the value after it does not.
    private static TrainingCurveScore Score(string[] f)
    {
        var name = string.Join(',', f[3..^1]);
        return new TrainingCurveScore(
            Whole(f[0]), name.StartsWith('"') ? name[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : name, Number(f[^1]));
    }

    private static List<T> Rows<T>(string path, string columns, Func<string[], T> read)
    {
        var number = 0;
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(file);
            var rows = new List<T>();
            if (reader.ReadLine() != columns)
            {
                throw new FormatException($"the columns are not '{columns}'");
            }
            for (number = 2; reader.ReadLine() is { } line; number++)
            {
                rows.Add(read(line.Split(',')));
            }
            return rows;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or OverflowException or IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            throw new PoseDataException(path, number == 0 ? $"it cannot be read ({e.Message})" : $"row {number} cannot be read ({e.Message})", e);
        }
    }

    private static int Whole(string field) => int.Parse(field, CultureInfo.InvariantCulture);

    private static double Number(string field) => double.Parse(field, CultureInfo.InvariantCulture);
}

/// <summary>A step of a <see cref="TrainingCurve"/>.</summary>
/// <param name="Step">The step, from 1.</param>
/// <param name="Loss">Its loss.</param>
/// <param name="SmoothedLoss">Mean loss of about the last 50 steps.</param>
/// <param name="LearningRate">Its learning rate.</param>
public sealed record TrainingCurveStep(int Step, double Loss, double SmoothedLoss, double LearningRate);

/// <summary>A score of a <see cref="TrainingCurve"/>.</summary>
/// <param name="Step">Optimiser steps that the network had seen.</param>
/// <param name="Name">What was scored.</param>
/// <param name="Value">The score.</param>
public sealed record TrainingCurveScore(int Step, string Name, double Value);
