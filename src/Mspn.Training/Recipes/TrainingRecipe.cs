using System.Text.Json;
using Mspn.Core;
using Mspn.Data;
using TorchSharp;

namespace Mspn.Training;

/// <summary>
/// Everything that decides what a training run computes, but for the data: what it takes to run it again. It is written beside the run's checkpoints as
/// <c>recipe.json</c>, defaults included. <see cref="TrainingRecipes"/> has the published ones.
/// </summary>
public sealed record TrainingRecipe
{
    private static readonly JsonSerializerOptions Json = new(PoseModelFile.Json) { WriteIndented = true, AllowOutOfOrderMetadataProperties = true };

    /// <summary>What it is called, in logs.</summary>
    public required string Name { get; init; }

    /// <summary>The network. Its keypoints are <see cref="Keypoints"/>, whatever these options say.</summary>
    public required PoseNetworkOptions Network { get; init; }

    /// <summary>What the network finds.</summary>
    public required KeypointSchema Keypoints { get; init; }

    /// <summary>How images are prepared, with the peak of the heat maps.</summary>
    public required PoseInput Input { get; init; }

    /// <summary>What the network is trained against.</summary>
    public required TargetRecipe Target { get; init; }

    /// <summary>The loss.</summary>
    public required LossRecipe Loss { get; init; }

    /// <summary>How training crops vary. Default null: not at all.</summary>
    public ICropAugmentation? Augmentation { get; init; }

    /// <summary>The learning rate over time.</summary>
    public required LearningRateSchedule Schedule { get; init; }

    /// <summary>Length of the run in epochs. Exactly one of this, <see cref="Steps"/> and <see cref="Minutes"/> is given.</summary>
    public int? Epochs { get; init; }

    /// <summary>Length of the run in steps.</summary>
    public int? Steps { get; init; }

    /// <summary>Length of the run in minutes of training.</summary>
    public double? Minutes { get; init; }

    /// <summary>People per batch. Default 32.</summary>
    public int BatchSize { get; init; } = 32;

    /// <inheritdoc cref="TrainerOptions.Accumulation" />
    public int Accumulation { get; init; } = 1;

    /// <inheritdoc cref="TrainerOptions.WeightDecay" />
    public double WeightDecay { get; init; } = 1e-5;

    /// <inheritdoc cref="TrainerOptions.GradientClip" />
    public double? GradientClip { get; init; }

    /// <inheritdoc cref="TrainerOptions.AverageDecay" />
    public double? AverageDecay { get; init; }

    /// <inheritdoc cref="TrainerOptions.Layers" />
    public IReadOnlyList<LayerRule> Layers { get; init; } = [];

    /// <inheritdoc cref="TrainerOptions.ChannelsLast" />
    public bool ChannelsLast { get; init; } = true;

    /// <inheritdoc cref="TrainingStepOptions.BFloat16" />
    public bool BFloat16 { get; init; }

    /// <inheritdoc cref="TrainingStepOptions.Recompute" />
    public bool Recompute { get; init; }

    /// <inheritdoc cref="TrainingStepOptions.Replicas" />
    public int Replicas { get; init; } = 1;

    /// <summary>Fixes the network's first weights, order and augmentation. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>Reads a recipe.</summary>
    /// <param name="path">The file, as <see cref="Save"/> writes it; what it leaves out has its default.</param>
    /// <exception cref="PoseDataException">The file is missing or no recipe; the message names the field.</exception>
    public static TrainingRecipe Load(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<TrainingRecipe>(File.ReadAllText(path), Json) ?? throw new JsonException("null");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new PoseDataException(path, $"it cannot be read as a training recipe ({e.Message})", e);
        }
    }

    /// <summary>Writes the recipe, all of it. The file appears under its name only when it is complete.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="PoseDataException">The file cannot be written.</exception>
    /// <exception cref="NotSupportedException">The augmentation is not one of the library's.</exception>
    public void Save(string path)
    {
        var text = ToJson();
        AtomicFile.Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text + "\n")));
    }

    /// <summary>The recipe as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Names what two recipes have different, such as <c>schedule.baseRate: 0.001, not 0.0005</c>; empty if nothing.</summary>
    /// <param name="other">The recipe whose values come second.</param>
    public IReadOnlyList<string> DifferencesFrom(TrainingRecipe other) =>
        RecipeDifferences.Between(JsonSerializer.SerializeToNode(this, Json), JsonSerializer.SerializeToNode(other, Json));

    /// <summary>Builds all that the run needs: network with fresh weights, encoder, loader, loss and the trainer's options.</summary>
    /// <param name="dataset">The people to train on.</param>
    /// <param name="outputFolder">Where checkpoints and the recipe go.</param>
    /// <param name="workers">Threads that prepare data; they change nothing. Default 2.</param>
    /// <returns>The parts, ready for <see cref="RecipeRun.CreateTrainer"/>; the caller disposes them. Torch's random numbers were seeded.</returns>
    /// <exception cref="ArgumentException">A value is out of range, or the data set has other keypoints; the message names it.</exception>
    public RecipeRun Build(IPoseDataset dataset, string outputFolder, int workers = 2)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        Require.SameKeypoints("the data set", dataset.Schema, $"the recipe {Name}", Keypoints, nameof(dataset));
        NativeTorch.Initialize();
        var (target, loss) = (Target.Create(Input.Validated()), Loss.Create());
        torch.random.manual_seed(Seed);
        var network = (Network with { Keypoints = Keypoints }).Build();
        try
        {
            var encoder = new CropEncoder(Keypoints, network.InputSize, network.HeatmapSize, Input, target, Augmentation);
            var loader = new PoseDataLoader(dataset, encoder, new PoseLoaderOptions { BatchSize = BatchSize, Workers = workers, Seed = Seed });
            var options = new TrainerOptions
            {
                OutputFolder = outputFolder,
                Budget = Budget((loader.BatchesPerEpoch + Accumulation - 1) / Math.Max(1, Accumulation)),
                Schedule = Schedule,
                WeightDecay = WeightDecay,
                Accumulation = Accumulation,
                GradientClip = GradientClip,
                AverageDecay = AverageDecay,
                Layers = Layers,
                ChannelsLast = ChannelsLast,
                BFloat16 = BFloat16,
                Recompute = Recompute,
                Replicas = Replicas,
                Recipe = this,
            };
            return new RecipeRun(network, loader, loss, options.Validated());
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private TrainingBudget Budget(int stepsPerEpoch) => (Epochs, Steps, Minutes) switch
    {
        ({ } epochs, null, null) => TrainingBudget.OfSteps(checked(epochs * stepsPerEpoch)),
        (null, { } steps, null) => TrainingBudget.OfSteps(steps),
        (null, null, { } minutes) => TrainingBudget.OfTime(TimeSpan.FromMinutes(minutes)),
        _ => throw new ArgumentException($"The recipe {Name} needs exactly one of {nameof(Epochs)}, {nameof(Steps)} and {nameof(Minutes)}."),
    };
}
