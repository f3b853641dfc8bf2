namespace Mspn.Training;

/// <summary>The loss became infinite or not a number.</summary>
/// <remarks>
/// The weights are still those of the step before; running statistics of normalisations have already seen the bad batch, so go on from the
/// checkpoint.
/// </remarks>
public sealed class NonFiniteLossException : Exception
{
    /// <summary>An error about one step.</summary>
    /// <param name="step">The step, from 1.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="batch">What names the people of the batch: image files and annotation ids.</param>
    /// <param name="checkpoint">The newest checkpoint, or null if there is none yet.</param>
    public NonFiniteLossException(int step, double loss, IReadOnlyList<string> batch, string? checkpoint)
        : base(
            $"The loss of step {step} is {loss}. Batch: {string.Join(", ", batch)}. "
            + (checkpoint is null ? "There is no checkpoint yet." : $"The last good checkpoint is {checkpoint}."))
    {
        Step = step;
        Batch = batch;
        Checkpoint = checkpoint;
    }

    /// <summary>The step, from 1.</summary>
    public int Step { get; }

    /// <summary>What names the people of the batch: image files and annotation ids.</summary>
    public IReadOnlyList<string> Batch { get; }

    /// <summary>The newest checkpoint, or null if there is none yet.</summary>
    public string? Checkpoint { get; }
}
