using Microsoft.Extensions.Logging;
using Mspn.Core;
using Mspn.Data;
using Mspn.Losses;
using TorchSharp;
using static Mspn.Training.Tests.SmallRun;

namespace Mspn.Training.Tests;

public sealed class TrainerResumeTests : IDisposable
{
    private readonly TemporaryFolder _whole = new();
    private readonly TemporaryFolder _parts = new();
    private readonly OneThread _thread = new();

    public void Dispose()
    {
        _thread.Dispose();
        _whole.Dispose();
        _parts.Dispose();
    }

    [Theory]
    [InlineData(true, 6, 2)]
    [InlineData(false, 6, 2)]
    [InlineData(true, 4, 1)]
    [InlineData(false, 8, 1)]
    public void A_cancelled_and_resumed_run_is_the_uninterrupted_one_bit_for_bit(bool channelsLast, int cancelAt, int threads)
    {
        torch.set_num_threads(threads);
        var whole = Train(_whole, channelsLast);

        var cancelled = () => Train(_parts, channelsLast, cancelAt: cancelAt);
        cancelled.Should().Throw<OperationCanceledException>();
        var resumed = Train(_parts, channelsLast, resume: true, networkSeed: 99);

        (resumed.Step, resumed.Epoch, resumed.Batch).Should().Be((whole.Step, whole.Epoch, whole.Batch)).And.Be((Steps, 2, 3));
        resumed.SmoothedLoss.Should().Be(whole.SmoothedLoss);
        var tensors = SmallRun.Tensors(SmallRun.Checkpoint(_whole.Path));
        tensors.Keys.Should().Contain(k => k.StartsWith("optimizer/exp_avg_sq/", StringComparison.Ordinal));
        TensorBytes.ShouldBeSame(SmallRun.Tensors(SmallRun.Checkpoint(_parts.Path)), tensors);
    }

    [Fact]
    public void A_run_cancelled_before_its_first_step_has_no_checkpoint()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        using var network = TinyNetworks.Mspn();
        var trainer = new Trainer(network, new MultiStageLoss(), SmallRun.Loader(), SmallRun.Options(_parts.Path, Steps));
        trainer.Invoking(t => t.Run(cancellation: source.Token)).Should().Throw<OperationCanceledException>();
        Directory.GetFiles(_parts.Path).Should().BeEmpty();
        network.training.Should().BeFalse();
    }

    [Fact]
    public void Without_a_checkpoint_resuming_starts_anew()
    {
        var logger = new CapturingLogger();
        Train(_parts, resume: true, logger: logger).Step.Should().Be(Steps);
        logger.At(LogLevel.Information).Should().Contain(m => m.Contains("starting anew"));
    }

    [Fact]
    public void A_finished_run_is_not_trained_further()
    {
        Train(_parts);
        var before = SmallRun.Tensors(SmallRun.Checkpoint(_parts.Path));
        Train(_parts, resume: true, networkSeed: 99).Step.Should().Be(Steps);
        TensorBytes.ShouldBeSame(SmallRun.Tensors(SmallRun.Checkpoint(_parts.Path)), before);
    }

    [Fact]
    public void A_finished_run_goes_on_with_a_larger_budget()
    {
        Train(_parts);
        using var network = TinyNetworks.Mspn();
        new Trainer(network, new MultiStageLoss(), SmallRun.Loader(), SmallRun.Options(_parts.Path, Steps + 2)).Run(resume: true)
            .Step.Should().Be(Steps + 2);
    }

    [Fact]
    public void A_run_cancelled_after_an_incomplete_batch_goes_on_without_such_batches()
    {
        using var network = TinyNetworks.Mspn();
        using var source = new CancellationTokenSource();
        var complete = SmallRun.Loader(batchSize: 5);
        var everybody = new PoseDataLoader(complete.Dataset, complete.Encoder, complete.Options with { DropLast = false });
        var reports = new Reports(p =>
        {
            if (p.Step == everybody.BatchesPerEpoch)
            {
                source.Cancel();
            }
        });
        var cancelled = () => new Trainer(network, new MultiStageLoss(), everybody, SmallRun.Options(_parts.Path, Steps))
            .Run(progress: reports, cancellation: source.Token);
        cancelled.Should().Throw<OperationCanceledException>();

        var end = new Trainer(network, new MultiStageLoss(), complete, SmallRun.Options(_parts.Path, 7)).Run(resume: true);

        (end.Step, end.Epoch, end.Batch).Should().Be((7, 1, 2));
    }

    [Theory]
    [InlineData(4, SmallRun.BatchSize, "seed 3")]
    [InlineData(3, 5, "batches of 6")]
    public void Resuming_with_other_data_is_an_error(long seed, int batchSize, string problem)
    {
        Train(_parts);
        using var network = TinyNetworks.Mspn();
        var trainer = new Trainer(network, new MultiStageLoss(), SmallRun.Loader(seed, batchSize), SmallRun.Options(_parts.Path, 20));
        trainer.Invoking(t => t.Run(resume: true)).Should().Throw<PoseDataException>()
            .WithMessage($"{SmallRun.Checkpoint(_parts.Path)}*{problem}*");
    }

    [Fact]
    public void What_a_checkpoint_has_is_not_dropped_when_the_options_changed()
    {
        using var network = TinyNetworks.Mspn();
        var options = SmallRun.Options(_parts.Path, Steps);
        new Trainer(network, new MultiStageLoss(), SmallRun.Loader(), options with { AverageDecay = 0.9 }).Run();
        var trainer = new Trainer(network, new MultiStageLoss(), SmallRun.Loader(), options with { Budget = TrainingBudget.OfSteps(Steps + 1) });
        trainer.Invoking(t => t.Run(resume: true)).Should().Throw<PoseDataException>()
            .WithMessage($"{SmallRun.Checkpoint(_parts.Path)}*'average/*does not keep*");
    }

    [Fact]
    public void Resuming_another_network_is_an_error()
    {
        Train(_parts);
        using var network = TinyNetworks.Mspn(TinyNetworks.Options with { Stages = 3 });
        var trainer = new Trainer(network, new MultiStageLoss(), SmallRun.Loader(), SmallRun.Options(_parts.Path, 20));
        trainer.Invoking(t => t.Run(resume: true)).Should().Throw<PoseDataException>().WithMessage("*missing*");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(-1000)]
    public void A_damaged_newest_checkpoint_falls_back_to_the_one_before(int keep)
    {
        Train(_whole);
        Cancelled(_parts, everyStep: true);
        Damage(SmallRun.Checkpoint(_parts.Path), keep);

        var logger = new CapturingLogger();
        Train(_parts, resume: true, networkSeed: 99, logger: logger).Step.Should().Be(Steps);

        logger.At(LogLevel.Warning).Should().ContainSingle().Which.Should()
            .Contain(SmallRun.Checkpoint(_parts.Path)).And.Contain(SmallRun.PreviousCheckpoint(_parts.Path));
        TensorBytes.ShouldBeSame(SmallRun.Tensors(SmallRun.Checkpoint(_parts.Path)), SmallRun.Tensors(SmallRun.Checkpoint(_whole.Path)));
    }

    [Fact]
    public void A_lost_newest_checkpoint_falls_back_to_the_one_before()
    {
        Train(_whole);
        Cancelled(_parts, everyStep: true);
        File.Delete(SmallRun.Checkpoint(_parts.Path));
        Train(_parts, resume: true, networkSeed: 99);
        TensorBytes.ShouldBeSame(SmallRun.Tensors(SmallRun.Checkpoint(_parts.Path)), SmallRun.Tensors(SmallRun.Checkpoint(_whole.Path)));
    }

    [Fact]
    public void Without_a_sound_checkpoint_resuming_is_an_error()
    {
        Cancelled(_parts, everyStep: true);
        Damage(SmallRun.Checkpoint(_parts.Path), 100);
        Damage(SmallRun.PreviousCheckpoint(_parts.Path), 100);
        var resume = () => Train(_parts, resume: true);
        resume.Should().Throw<PoseDataException>().WithMessage($"{SmallRun.PreviousCheckpoint(_parts.Path)}*");
    }

    [Fact]
    public void A_checkpoint_that_cannot_be_put_in_its_place_is_an_error_that_names_it()
    {
        Directory.CreateDirectory(SmallRun.PreviousCheckpoint(_parts.Path));
        var train = () => Train(_parts);
        train.Should().Throw<PoseDataException>().WithMessage($"{SmallRun.Checkpoint(_parts.Path)}*.new*cannot be put in its place*");
    }

    [Fact]
    public void Model_files_are_no_checkpoints()
    {
        using (var network = TinyNetworks.Mspn())
        {
            PoseModelFile.Save(SmallRun.Checkpoint(_parts.Path), network, new PoseInput());
        }
        var resume = () => Train(_parts, resume: true);
        resume.Should().Throw<PoseDataException>().WithMessage("*not a training checkpoint*");
    }

    private static void Damage(string file, int keep)
    {
        var bytes = File.ReadAllBytes(file);
        File.WriteAllBytes(file, bytes[..(keep >= 0 ? keep : bytes.Length + keep)]);
    }

    private static void Cancelled(TemporaryFolder folder, bool everyStep)
    {
        var train = () => Train(folder, cancelAt: 6, everyStep: everyStep);
        train.Should().Throw<OperationCanceledException>();
    }
}
