namespace Mspn.Training;

/// <summary>Keeps or shows how a training run goes. A <see cref="Trainer"/> calls it on the thread that trains.</summary>
/// <remarks>
/// A log that throws is ended and left out for the rest of that run, which goes on, as do the other logs; they are called in the order in which they are given.
/// One log can serve several runs, one after another.
/// </remarks>
public interface ITrainingLog
{
    /// <summary>A run begins. What the log opens here, it closes in <see cref="End"/>.</summary>
    /// <param name="step">Optimiser steps that are done already. Whatever was logged of later ones is void: the run was interrupted, and repeats them.</param>
    /// <param name="resumed">Whether the run goes on from a checkpoint of its own; if not, nothing that was logged before belongs to it.</param>
    void Begin(int step, bool resumed);

    /// <summary>An optimiser step is done.</summary>
    void Step(TrainingProgress progress);

    /// <summary>The network was scored.</summary>
    /// <param name="progress">Where the run stands.</param>
    /// <param name="scores">The scores by name.</param>
    void Validated(TrainingProgress progress, IReadOnlyDictionary<string, double> scores);

    /// <summary>The run is over: finished, cancelled or failed.</summary>
    void End();
}
