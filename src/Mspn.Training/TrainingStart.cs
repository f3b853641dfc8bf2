using Microsoft.Extensions.Logging;
using Mspn.Core;

namespace Mspn.Training;

/// <summary>
/// A checkpoint of another program, as the official MSPN code, mmpose and others save them, from which a <see cref="Trainer"/> goes on: weights, Adam's state and
/// the position in the schedule.
/// </summary>
/// <param name="Checkpoint">The file, <c>.pth</c>.</param>
/// <param name="Keys">Its names for the network's tensors.</param>
public sealed record TrainingStart(string Checkpoint, KeyMap Keys)
{
    /// <summary>Steps of the schedule and of the budget that count as done, at least 0. Default null: as many as the file notes, or else as Adam has done.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int? Step { get; init => field = Require.AtLeast(value, 0, nameof(Step)); }

    /// <summary>Fills a network and its optimiser.</summary>
    /// <returns>The steps that count as done.</returns>
    /// <exception cref="PoseDataException">The file is missing or damaged, or training cannot go on from it; the message says why.</exception>
    internal int Apply(IPoseNetwork network, TrainingStepper stepper, double weightDecay, ILogger logger)
    {
        using var file = PytorchFile.Open(Checkpoint);
        var adam = AdamImport.Check(network.Module, file, Keys);
        if (!adam.Fits)
        {
            throw new PoseDataException(Checkpoint, $"training cannot go on with its optimiser: {string.Join("; ", adam.Problems)}.");
        }
        WeightImport.Load(network.Module, CheckpointLayout.Of(file).Weights, Keys);
        AdamImport.Load(stepper, file, Keys);
        var step = Step ?? (int)Math.Clamp(adam.Iteration ?? adam.Steps, 0, int.MaxValue);
        logger.LogInformation("Going on from {Report}; step {Step} of the schedule is done.", adam, step);
        if (adam.WeightDecay != weightDecay)
        {
            logger.LogWarning("{File} was trained with a weight decay of {Theirs}; this run has {Ours}.", Checkpoint, adam.WeightDecay, weightDecay);
        }
        return step;
    }
}
