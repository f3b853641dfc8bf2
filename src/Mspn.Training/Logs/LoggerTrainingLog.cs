using Microsoft.Extensions.Logging;
using Mspn.Core;

namespace Mspn.Training;

/// <summary>Writes a line to an <see cref="ILogger"/> now and then, and one for every validation.</summary>
/// <param name="logger">Where to, at level Information.</param>
public sealed class LoggerTrainingLog(ILogger logger) : ITrainingLog
{
    private TimeSpan? _last;

    /// <summary>A line after so many steps, at least 1, or null. Default null.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int? Steps { get; init => field = Require.AtLeast(value, 1, nameof(Steps)); }

    /// <summary>A line after so much training time, or null. Default 30 seconds.</summary>
    public TimeSpan? Interval { get; init; } = TimeSpan.FromSeconds(30);

    /// <inheritdoc />
    public void Begin(int step, bool resumed) => _last = null;

    /// <inheritdoc />
    public void Step(TrainingProgress progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        _last ??= progress.Elapsed;
        if (!(Steps is { } steps && progress.Step % steps == 0) && !(progress.Elapsed - _last >= Interval))
        {
            return;
        }
        _last = progress.Elapsed;
        logger.LogInformation(
            "Step {Step}, epoch {Epoch}: loss {Loss:G4}, learning rate {LearningRate:G3}, {PeoplePerSecond:0} people/s, waiting {WaitingShare:P0}, "
            + "{Elapsed} done, {Remaining} left.",
            progress.Step, progress.Epoch, progress.SmoothedLoss, progress.LearningRate, progress.PeoplePerSecond, progress.WaitingShare,
            Whole(progress.Elapsed), Whole(progress.Remaining));
    }

    /// <inheritdoc />
    public void Validated(TrainingProgress progress, IReadOnlyDictionary<string, double> scores)
    {
        ArgumentNullException.ThrowIfNull(progress);
        ArgumentNullException.ThrowIfNull(scores);
        foreach (var (name, score) in scores)
        {
            logger.LogInformation("Step {Step}, epoch {Epoch}: {Name} {Score:G4}.", progress.Step, progress.Epoch, name, score);
        }
    }

    /// <inheritdoc />
    public void End()
    {
    }

    private static TimeSpan Whole(TimeSpan time) => TimeSpan.FromSeconds(Math.Round(time.TotalSeconds));
}
