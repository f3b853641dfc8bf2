using Microsoft.Extensions.Logging;
using Mspn.Core;
using Mspn.Data;
using Mspn.Losses;

namespace Mspn.Training.Tests;

/// <summary>Accumulation, clipping, averages, layer rules and validation in whole runs, and in runs that are broken off and resumed.</summary>
public sealed class TrainerFeaturesTests : IDisposable
{
    private const int Steps = 7;

    private static readonly MspnOptions Small = TinyNetworks.Options with { InputSize = new ImageSize(32, 32), Stages = 1 };

    private readonly TemporaryFolder _whole = new();
    private readonly TemporaryFolder _parts = new();
    private readonly OneThread _thread = new();

    private static readonly Dictionary<string, Func<TrainerOptions, TrainerOptions>> Features = new()
    {
        ["accumulation"] = o => o with { Accumulation = 3 },
        ["clipping"] = o => o with { GradientClip = 0.5 },
        ["average"] = o => o with { AverageDecay = 0.7 },
        ["layers"] = o => o with { Layers = [LayerRule.Frozen("stem.*"), new("stages.*", 0.1)] },
        ["cosine"] = o => o with { Schedule = o.Schedule with { Decay = new CosineDecay(), StepsFromZero = true } },
        ["bfloat16"] = o => o with { BFloat16 = true },
        ["recomputation"] = o => o with { Recompute = true },
        ["everything"] = o => Features!.Where(f => f.Key != "everything").Aggregate(o, (all, feature) => feature.Value(all)),
    };

    public static IEnumerable<object[]> Names => Features.Keys.Select(name => new object[] { name });

    public void Dispose()
    {
        _thread.Dispose();
        _whole.Dispose();
        _parts.Dispose();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_cancelled_and_resumed_run_is_the_uninterrupted_one_bit_for_bit(string feature)
    {
        var (whole, weights) = Train(_whole, feature);
        var cancelled = () => Train(_parts, feature, cancelAt: 3);
        cancelled.Should().Throw<OperationCanceledException>();
        var (resumed, others) = Train(_parts, feature, resume: true, networkSeed: 99);

        resumed.SmoothedLoss.Should().Be(whole.SmoothedLoss);
        (resumed.Step, resumed.Epoch, resumed.Batch).Should().Be((whole.Step, whole.Epoch, whole.Batch));
        TensorBytes.ShouldBeSame(others, weights);
        foreach (var name in new[] { "checkpoint.safetensors", "best.safetensors" })
        {
            TensorBytes.ShouldBeSame(SmallRun.Tensors(_parts.File(name)), SmallRun.Tensors(_whole.File(name)));
        }
        State(_parts).Should().Be(State(_whole) with { ElapsedSeconds = State(_parts).ElapsedSeconds });
    }

    [Fact]
    public void A_run_cancelled_during_validation_is_validated_when_it_is_resumed()
    {
        var (_, weights) = Train(_whole, "everything");
        var cancelled = () => Train(_parts, "everything", cancelValidationAt: 4);
        cancelled.Should().Throw<OperationCanceledException>();
        State(_parts).ValidatedAt.Should().Be(2);
        var (_, others) = Train(_parts, "everything", resume: true, networkSeed: 99);
        TensorBytes.ShouldBeSame(others, weights);
        State(_parts).Should().Be(State(_whole) with { ElapsedSeconds = State(_parts).ElapsedSeconds });
    }

    [Fact]
    public void Accumulation_takes_several_batches_a_step_and_what_is_left_of_an_epoch()
    {
        using var network = TinyNetworks.Mspn(Small);
        var reports = new Reports();
        new Trainer(network, new MultiStageLoss(), Loader(), SmallRun.Options(_whole.Path, 5) with { Accumulation = 3 }).Run(progress: reports);
        reports.All.Select(p => (p.Epoch, p.Batch)).Should().Equal((0, 3), (0, 4), (1, 3), (1, 4), (2, 3));
    }

    [Fact]
    public void Whoever_looks_at_the_network_sees_the_average()
    {
        using var network = TinyNetworks.Mspn(Small);
        var seen = new List<byte[]>();
        byte[] Weight() => NetworkWeights.Of(network)["stem.conv.conv.weight"].Bytes();
        new Trainer(network, new MultiStageLoss(), Loader(), SmallRun.Options(_whole.Path, 4) with { AverageDecay = 0.5, ChannelsLast = false })
        {
            EpochEnded = _ => seen.Add(Weight()),
            Validation = new TrainingValidation("score", (_, _) =>
            {
                network.training.Should().BeFalse();
                seen.Add(Weight());
                return 1;
            }),
        }.Run();
        var stored = SmallRun.Tensors(SmallRun.Checkpoint(_whole.Path));
        var average = stored["average/stem.conv.conv.weight"];
        average.Should().NotEqual(stored["model/stem.conv.conv.weight"]);
        seen.Should().HaveCount(2).And.OnlyContain(bytes => bytes.SequenceEqual(average));
        Weight().Should().Equal(average);
        SmallRun.Tensors(_whole.File("best.safetensors"))["stem.conv.conv.weight"].Should().Equal(average);
    }

    [Theory]
    [InlineData(null, 1, new[] { 4, 6 })]
    [InlineData(null, 2, new[] { 6 })]
    [InlineData(3, 1, new[] { 3, 6 })]
    [InlineData(5, 1, new[] { 5, 6 })]
    public void Validation_comes_when_it_is_due_and_at_the_end(int? everySteps, int everyEpochs, int[] expected)
    {
        using var network = TinyNetworks.Mspn(Small);
        var steps = new List<int>();
        new Trainer(network, new MultiStageLoss(), Loader(), SmallRun.Options(_whole.Path, 6))
        {
            Validation = new TrainingValidation("score", (at, _) =>
            {
                steps.Add(at.Step);
                return 0;
            }) { EverySteps = everySteps, EveryEpochs = everyEpochs },
        }.Run();
        steps.Should().Equal(expected);
    }

    [Fact]
    public void The_weights_with_the_best_score_are_kept_as_a_model_file()
    {
        using var network = TinyNetworks.Mspn(Small);
        var logger = new CapturingLogger();
        var scores = new Queue<double>([0.2, double.NaN, 0.7, 0.7, 0.3]);
        Dictionary<string, byte[]>? best = null;
        new Trainer(network, new MultiStageLoss(), Loader(), SmallRun.Options(_whole.Path, 5), logger)
        {
            Validation = new TrainingValidation("score", (at, _) =>
            {
                best = at.Step == 3 ? TensorBytes.Snapshot(network) : best;
                return scores.Dequeue();
            }) { EverySteps = 1 },
        }.Run();
        (State(_whole).BestScore, State(_whole).BestStep, State(_whole).ValidatedAt).Should().Be((0.7, 3, 5));
        logger.At(LogLevel.Information).Count(m => m.Contains("the best")).Should().Be(2);
        using var model = PoseModelFile.Load(_whole.File("best.safetensors"));
        TensorBytes.ShouldBeSame(TensorBytes.Snapshot(model.Network.Module), best!);
    }

    private static PoseDataLoader Loader() => SmallRun.Loader(options: Small);

    private static TrainingState State(TemporaryFolder folder) => SmallRun.PlaceOf(SmallRun.Checkpoint(folder.Path));

    // The score is a number that depends on all weights and does not simply rise.
    private static (TrainingProgress End, Dictionary<string, byte[]> Weights) Train(
        TemporaryFolder folder, string feature, int cancelAt = 0, int cancelValidationAt = 0, bool resume = false, int networkSeed = 1)
    {
        using var source = new CancellationTokenSource();
        using var network = TinyNetworks.Mspn(Small, networkSeed);
        var trainer = new Trainer(network, new MultiStageLoss(), Loader(), Features[feature](SmallRun.Options(folder.Path, Steps)))
        {
            Validation = new TrainingValidation("score", (at, cancellation) =>
            {
                if (at.Step == cancelValidationAt)
                {
                    source.Cancel();
                }
                cancellation.ThrowIfCancellationRequested();
                return TensorBytes.Snapshot(network).OrderBy(p => p.Key, StringComparer.Ordinal).Sum(p => p.Value.Sum(b => (double)b)) % 97;
            }) { EverySteps = 2 },
        };
        var reports = new Reports(p =>
        {
            if (p.Step == cancelAt)
            {
                source.Cancel();
            }
        });
        return (trainer.Run(resume, reports, source.Token), TensorBytes.Snapshot(network));
    }
}
