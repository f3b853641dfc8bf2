namespace Mspn.Training;

/// <summary>The numbers of a run that are not tensors, as its checkpoints hold them.</summary>
/// <param name="Step">Optimiser steps done.</param>
/// <param name="Epoch">The epoch that the next step belongs to.</param>
/// <param name="Batch">Batches of that epoch that are done.</param>
/// <param name="ElapsedSeconds">Training time so far.</param>
/// <param name="SmoothedLoss">Running mean of the loss.</param>
/// <param name="Seed">The loader's seed: with another one the run would see other data.</param>
/// <param name="BatchSize">The loader's batch size, likewise.</param>
/// <param name="People">Size of the data set, likewise.</param>
/// <param name="BestScore">The best score of <see cref="Trainer.Validation"/>, or null before the first.</param>
/// <param name="BestStep">The step that it belongs to.</param>
/// <param name="ValidatedAt">The step of the last score.</param>
/// <param name="StartStep">The steps that another program had done before (<see cref="TrainingStart"/>), which <paramref name="ElapsedSeconds"/> do not hold.</param>
internal sealed record TrainingState(
    int Step, int Epoch, int Batch, double ElapsedSeconds, double SmoothedLoss, long Seed, int BatchSize, int People,
    double? BestScore = null, int? BestStep = null, int? ValidatedAt = null, int StartStep = 0);
