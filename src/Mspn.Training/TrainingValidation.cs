namespace Mspn.Training;

/// <summary>Scores a network now and then during training, so that the best weights are kept.</summary>
/// <param name="Name">What the score is, for logs, such as <c>PCK@0.2</c>.</param>
/// <param name="Score">
/// Gives the score of the network as it is, higher for better; the network is in evaluation mode and, if there is one, holds the moving average of the weights.
/// </param>
public sealed record TrainingValidation(string Name, Func<TrainingProgress, CancellationToken, double> Score)
{
    /// <summary>Epochs between two scores, at least 1. Default 1. Not used with <see cref="EverySteps"/>.</summary>
    public int EveryEpochs { get; init; } = 1;

    /// <summary>Steps between two scores, at least 1. Default null: <see cref="EveryEpochs"/> counts.</summary>
    public int? EverySteps { get; init; }

    /// <summary>Whether a run is to be scored where it stands. It always is at its end.</summary>
    internal bool IsDue(RunState run, bool ended) => run.Step > 0 && run.ValidatedAt != run.Step
        && (ended || (EverySteps is { } steps ? run.Step % steps == 0 : run.Batch == 0 && run.Epoch % EveryEpochs == 0));

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentException">One is out of range; the message names it.</exception>
    internal TrainingValidation Validated()
    {
        ArgumentException.ThrowIfNullOrEmpty(Name);
        ArgumentNullException.ThrowIfNull(Score);
        ArgumentOutOfRangeException.ThrowIfLessThan(EveryEpochs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(EverySteps ?? 1, 1, nameof(EverySteps));
        return this;
    }
}
