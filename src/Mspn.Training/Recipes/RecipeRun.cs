using Microsoft.Extensions.Logging;
using Mspn.Core;
using Mspn.Data;
using Mspn.Losses;

namespace Mspn.Training;

/// <summary>What a <see cref="TrainingRecipe"/> became.</summary>
/// <param name="Network">The network.</param>
/// <param name="Loader">The data, with the encoder in <see cref="PoseDataLoader.Encoder"/>.</param>
/// <param name="Loss">The loss.</param>
/// <param name="Options">The trainer's options, the recipe among them.</param>
/// <remarks>Disposing it disposes the network.</remarks>
public sealed record RecipeRun(IPoseNetwork Network, PoseDataLoader Loader, IPoseLoss Loss, TrainerOptions Options) : IDisposable
{
    /// <summary>The trainer. One with validation or anything else to set is made with <c>new Trainer(run.Network, run.Loss, run.Loader, run.Options)</c>.</summary>
    /// <param name="logger">Told about checkpoints and epochs.</param>
    public Trainer CreateTrainer(ILogger? logger = null) => new(Network, Loss, Loader, Options, logger);

    /// <inheritdoc />
    public void Dispose() => Network.Dispose();
}
