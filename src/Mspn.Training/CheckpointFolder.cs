using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Mspn.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Training;

/// <summary>
/// Everything a run needs to go on: weights, their moving average, Adam's moments and the position, in one safetensors file. It is replaced only by a complete
/// successor that is on the disk, and the one before it is kept. A program may be killed at any moment of this.
/// </summary>
internal sealed class CheckpointFolder(string folder)
{
    private const string StateKey = "mspn.training";
    private const string ModelPrefix = "model/";
    private const string OptimizerPrefix = "optimizer/";
    private const string AveragePrefix = "average/";
    private const string StepsKey = "mspn.optimizer.steps";

    // Complete as soon as it is there, but not in its place yet.
    private readonly string _fresh = Path.Combine(folder, "checkpoint.safetensors.new");

    public string Newest { get; } = Path.Combine(folder, "checkpoint.safetensors");

    public string Previous { get; } = Path.Combine(folder, "checkpoint.previous.safetensors");

    /// <summary>The weights with the best score.</summary>
    public string Best { get; } = Path.Combine(folder, "best.safetensors");

    /// <summary>Whether there is any checkpoint.</summary>
    public bool Exist => File.Exists(Newest) || File.Exists(Previous) || File.Exists(_fresh);

    /// <summary>The newest checkpoint that this run has written or read, or null if there is none yet. Other runs' and damaged ones do not count.</summary>
    public string? LastGood { get; private set; }

    /// <summary>Makes sure that files can be written here, before hours are spent, and removes what a killed run has left half-done.</summary>
    public void Prepare()
    {
        LastGood = null;
        var probe = Path.Combine(folder, ".write-test");
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(probe, string.Empty);
            File.Delete(probe);
            File.Delete(AtomicFile.Temporary(_fresh));
            File.Delete(AtomicFile.Temporary(Best));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PoseDataException(folder, $"the output folder cannot be written to ({e.Message})", e);
        }
    }

    public void Save(IPoseNetwork network, TrainingStepper stepper, TrainingState state)
    {
        using var scope = NewDisposeScope();
        var (moments, steps) = stepper.OptimizerState();
        var tensors = NetworkWeights.Of(network.Module).Select(p => KeyValuePair.Create(ModelPrefix + p.Key, p.Value))
            .Concat(moments.Select(p => KeyValuePair.Create(OptimizerPrefix + p.Key, p.Value)))
            .Concat(stepper.Average().Select(p => KeyValuePair.Create(AveragePrefix + p.Key, p.Value)));
        var metadata = new Dictionary<string, string>
        {
            [StateKey] = JsonSerializer.Serialize(state),
            [StepsKey] = steps.ToString(CultureInfo.InvariantCulture),
        };
        SafeTensorsWriter.Write(_fresh, tensors, metadata);
        PutInPlace(() =>
        {
            if (LastGood != Newest)
            {
                // What lies there is damaged or another run's, and must not be what a later start falls back to.
                File.Delete(LastGood is null ? Previous : Newest);
            }
            MoveFresh(keepPrevious: LastGood is not null);
        });
        LastGood = Newest;
    }

    private void PutInPlace(Action move)
    {
        try
        {
            move();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PoseDataException(Newest, $"the checkpoint in '{_fresh}' cannot be put in its place ({e.Message})", e);
        }
    }

    private void MoveFresh(bool keepPrevious)
    {
        if (keepPrevious && File.Exists(Newest))
        {
            File.Move(Newest, Previous, overwrite: true);
        }
        File.Move(_fresh, Newest, overwrite: true);
    }

    /// <summary>Restores the newest sound checkpoint.</summary>
    /// <returns>Its state, or null if there is no checkpoint at all.</returns>
    public TrainingState? Restore(IPoseNetwork network, TrainingStepper stepper, ILogger logger)
    {
        if (File.Exists(_fresh))
        {
            PutInPlace(() => MoveFresh(keepPrevious: true)); // the run was killed just before it did so
        }
        var files = new[] { Newest, Previous }.Where(File.Exists).ToArray();
        for (var i = 0; i < files.Length; i++)
        {
            try
            {
                var state = Restore(files[i], network, stepper);
                LastGood = files[i];
                return state;
            }
            catch (PoseDataException e) when (i + 1 < files.Length)
            {
                logger.LogWarning("{Problem} Going on from the checkpoint before it, {Previous}.", e.Message, files[i + 1]);
            }
        }
        return null;
    }

    private static TrainingState Restore(string path, IPoseNetwork network, TrainingStepper stepper)
    {
        using var file = SafeTensorsFile.Open(path);
        if (!file.Metadata.TryGetValue(StateKey, out var text) || !file.Metadata.TryGetValue(StepsKey, out var steps)
            || !long.TryParse(steps, NumberStyles.None, CultureInfo.InvariantCulture, out var optimizerSteps))
        {
            throw new PoseDataException(path, $"metadata '{StateKey}' or '{StepsKey}' is missing: this is not a training checkpoint.");
        }
        TrainingState state;
        try
        {
            state = JsonSerializer.Deserialize<TrainingState>(text) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new PoseDataException(path, $"metadata '{StateKey}' cannot be read ({e.Message})", e);
        }
        NetworkWeights.Load(network.Module, file, ModelPrefix);
        CheckNothingIsLeft(file, stepper);
        stepper.RestoreOptimizerState(name => file.Read(OptimizerPrefix + name), optimizerSteps);
        stepper.RestoreAverage(name => file.Read(AveragePrefix + name));
        return state;
    }

    // What a run lacks is found missing when it is read; what it has too much would be lost without a word.
    private static void CheckNothingIsLeft(SafeTensorsFile file, TrainingStepper stepper)
    {
        using var scope = NewDisposeScope();
        var kept = stepper.OptimizerState().Moments.Keys.Select(name => OptimizerPrefix + name)
            .Concat(stepper.Average().Keys.Select(name => AveragePrefix + name)).ToHashSet(StringComparer.Ordinal);
        if (file.Names.FirstOrDefault(name => !name.StartsWith(ModelPrefix, StringComparison.Ordinal) && !kept.Contains(name)) is { } left)
        {
            throw new PoseDataException(
                file.Path, $"it has '{left}', which this run does not keep: it was trained with other options (moving average, frozen layers).");
        }
    }
}
