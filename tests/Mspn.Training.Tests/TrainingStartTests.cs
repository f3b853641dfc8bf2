using Mspn.Core;
using Mspn.Losses;

namespace Mspn.Training.Tests;

public sealed class TrainingStartTests : IDisposable
{
    private const int Before = 6;
    private const int Steps = 11;

    private readonly TemporaryFolder _whole = new();
    private readonly TemporaryFolder _parts = new();
    private readonly OneThread _thread = new();

    private string Checkpoint => _parts.File("official.pth");

    public void Dispose()
    {
        _thread.Dispose();
        _whole.Dispose();
        _parts.Dispose();
    }

    [Fact]
    public void A_run_that_goes_on_from_an_official_checkpoint_is_the_uninterrupted_one_bit_for_bit()
    {
        using var whole = TinyNetworks.Mspn();
        Train(whole, _whole.Path, Steps);
        SaveOfficial(Before);

        using var other = TinyNetworks.Mspn(seed: 2);
        var end = Train(other, _parts.Path, Steps, new TrainingStart(Checkpoint, Keys) { Step = Before });

        (end.Step, end.Epoch, end.Batch).Should().Be((Steps, 2, 3));
        TensorBytes.ShouldBeSame(
            SmallRun.Tensors(SmallRun.Checkpoint(_parts.Path)), SmallRun.Tensors(SmallRun.Checkpoint(_whole.Path)));
    }

    [Fact]
    public void The_position_is_the_one_that_the_file_notes()
    {
        SaveOfficial(2);
        using var network = TinyNetworks.Mspn(seed: 2);
        var reports = new Reports();
        Train(network, _parts.Path, 1202, new TrainingStart(Checkpoint, Keys), reports);
        reports.All.Select(r => r.Step).Should().Equal(1201, 1202);
    }

    [Fact]
    public void Where_the_budget_is_used_up_already_nothing_is_trained_or_written()
    {
        SaveOfficial(2);
        using var network = TinyNetworks.Mspn(seed: 2);
        Train(network, _parts.Path, 1200, new TrainingStart(Checkpoint, Keys)).Step.Should().Be(1200);
        Directory.GetFiles(_parts.Path).Should().Equal(Checkpoint);
    }

    [Fact]
    public void The_time_left_counts_only_the_steps_that_this_run_did()
    {
        const int done = 9000;
        const int steps = 10_000;
        SaveOfficial(2);
        using var network = TinyNetworks.Mspn();
        var reports = new Reports(p =>
        {
            if (p.Step % 3 == 2)
            {
                throw new OperationCanceledException();
            }
        });
        foreach (var resume in new[] { false, true })
        {
            var cancelled = () => Train(network, _parts.Path, steps, new TrainingStart(Checkpoint, Keys) { Step = done }, reports, resume);
            cancelled.Should().Throw<OperationCanceledException>();
        }
        reports.All.Select(r => r.Step - done).Should().Equal(1, 2, 3, 4, 5);
        foreach (var report in reports.All)
        {
            report.Remaining.Should().BeCloseTo(report.Elapsed / (report.Step - done) * (steps - report.Step), TimeSpan.FromMilliseconds(1));
        }
    }

    [Fact]
    public void A_resumed_run_goes_on_from_its_own_checkpoint_instead()
    {
        using var network = TinyNetworks.Mspn();
        Train(network, _parts.Path, 3);
        var end = Train(network, _parts.Path, 4, new TrainingStart(_parts.File("nowhere.pth"), Keys), resume: true);
        end.Step.Should().Be(4);
    }

    [Fact]
    public void A_checkpoint_that_cannot_be_gone_on_with_changes_nothing()
    {
        SaveOfficial(2, saved => saved.HasOptimizer = false);
        using var network = TinyNetworks.Mspn(seed: 2);
        var before = TensorBytes.Snapshot(network);
        var train = () => Train(network, _parts.Path, Steps, new TrainingStart(Checkpoint, Keys));
        train.Should().Throw<PoseDataException>().WithMessage($"{Checkpoint}*no optimiser's state*");
        TensorBytes.ShouldBeSame(TensorBytes.Snapshot(network), before);
    }

    private static KeyMap Keys => PyramidKeys.Official(TinyNetworks.Options);

    // What the trainer does, without it.
    private void SaveOfficial(int steps, Action<OfficialCheckpoint>? change = null)
    {
        using var network = TinyNetworks.Mspn();
        var options = SmallRun.Options(_parts.Path, Steps);
        using var stepper = new TrainingStepper(network, new MultiStageLoss(), new TrainingStepOptions { WeightDecay = options.WeightDecay });
        var loader = SmallRun.Loader();
        for (var step = 0; step < steps; step++)
        {
            using var batch = loader.Epoch(step / loader.BatchesPerEpoch, step % loader.BatchesPerEpoch).First();
            stepper.Step(batch.Images, batch.Targets, options.Schedule.RateAt(step + 1, options.Budget));
        }
        var saved = new OfficialCheckpoint(network, stepper, Keys);
        change?.Invoke(saved);
        File.WriteAllBytes(Checkpoint, saved.Bytes());
    }

    private static TrainingProgress Train(
        MspnNetwork network, string folder, int steps, TrainingStart? start = null, Reports? reports = null, bool resume = false)
    {
        var options = SmallRun.Options(folder, steps) with { ChannelsLast = false };
        return new Trainer(network, new MultiStageLoss(), SmallRun.Loader(), options) { Start = start }.Run(resume, reports);
    }
}
