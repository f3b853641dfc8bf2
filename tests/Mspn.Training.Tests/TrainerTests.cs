using System.Diagnostics;
using Mspn.Core;
using Mspn.Data;
using Mspn.Losses;

namespace Mspn.Training.Tests;

public sealed class TrainerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly OneThread _thread = new();

    public void Dispose()
    {
        _thread.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Progress_tells_where_the_run_stands()
    {
        using var network = TinyNetworks.Mspn();
        var reports = new Reports();
        var end = new Trainer(network, new MultiStageLoss(), SmallRun.Loader(), SmallRun.Options(_folder.Path, 10)).Run(progress: reports);

        reports.All.Select(p => p.Step).Should().Equal(Enumerable.Range(1, 10));
        reports.All.Select(p => p.Fraction).Should().Equal(Enumerable.Range(1, 10).Select(s => s / 10.0));
        reports.All.Select(p => p.Epoch).Should().Equal(0, 0, 0, 0, 1, 1, 1, 1, 2, 2);
        reports.All.Should().OnlyContain(p => double.IsFinite(p.Loss) && p.Loss > 0 && double.IsFinite(p.SmoothedLoss));
        reports.All.Should().OnlyContain(p => p.WaitingShare >= 0 && p.WaitingShare <= 1 && p.PeoplePerSecond > 0);
        reports.All.Select(p => p.Elapsed).Should().BeInAscendingOrder();
        reports.All.Select(p => p.Remaining).Should().OnlyContain(r => r >= TimeSpan.Zero);
        reports.All[0].LearningRate.Should().BeApproximately(1e-3 * 0.55, 1e-12);
        reports.All[^1].LearningRate.Should().Be(0);
        reports.All[0].SmoothedLoss.Should().Be(reports.All[0].Loss);
        (end.Step, end.Fraction, end.Remaining).Should().Be((10, 1, TimeSpan.Zero));
    }

    [Fact]
    public void A_budget_of_time_ends_the_run()
    {
        using var network = TinyNetworks.Mspn();
        var options = SmallRun.Options(_folder.Path, 1) with { Budget = TrainingBudget.OfTime(TimeSpan.FromSeconds(1)) };
        var end = new Trainer(network, new MultiStageLoss(), SmallRun.Loader(), options).Run();
        end.Fraction.Should().Be(1);
        end.Step.Should().BePositive();
        end.Elapsed.Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(1)).And.BeLessThan(TimeSpan.FromSeconds(10));
        File.Exists(SmallRun.Checkpoint(_folder.Path)).Should().BeTrue();
    }

    [Fact]
    public void Epochs_end_with_the_network_in_evaluation_mode()
    {
        using var network = TinyNetworks.Mspn();
        var ends = new List<(int Epoch, int Step, bool Training)>();
        var trainer = new Trainer(network, new MultiStageLoss(), SmallRun.Loader(), SmallRun.Options(_folder.Path, 10))
        {
            EpochEnded = p => ends.Add((p.Epoch, p.Step, network.training)),
        };
        var modes = new List<bool>();
        trainer.Run(progress: new Reports(_ => modes.Add(network.training)));
        ends.Should().Equal((1, 4, false), (2, 8, false), (2, 10, false));
        modes.Should().OnlyContain(training => training);
        network.training.Should().BeFalse();
    }

    [Fact]
    public void Time_spent_between_epochs_is_not_counted()
    {
        using var network = TinyNetworks.Mspn();
        var clock = Stopwatch.StartNew();
        var end = new Trainer(network, new MultiStageLoss(), SmallRun.Loader(), SmallRun.Options(_folder.Path, 8))
        {
            EpochEnded = _ => Thread.Sleep(500),
        }.Run();
        (clock.Elapsed - end.Elapsed).Should().BeGreaterThan(TimeSpan.FromMilliseconds(990));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_loss_that_is_not_a_number_ends_the_run_and_names_the_batch(bool withCheckpoint)
    {
        using var network = TinyNetworks.Mspn();
        var loader = SmallRun.Loader();
        var options = SmallRun.Options(_folder.Path, 10);
        options = withCheckpoint ? options with { CheckpointInterval = TimeSpan.Zero } : options;
        var trainer = new Trainer(network, new NanLoss(3), loader, options);

        var error = trainer.Invoking(t => t.Run()).Should().Throw<NonFiniteLossException>().Which;

        error.Step.Should().Be(3);
        error.Message.Should().Contain("step 3").And.Contain("NaN");
        var batch = loader.Order(0)[(2 * SmallRun.BatchSize)..(3 * SmallRun.BatchSize)];
        foreach (var index in batch)
        {
            error.Message.Should().Contain(loader.Dataset[index].ImageName).And.Contain($"annotation {loader.Dataset[index].Id})");
        }
        error.Batch.Should().HaveCount(SmallRun.BatchSize);
        if (withCheckpoint)
        {
            error.Checkpoint.Should().Be(SmallRun.Checkpoint(_folder.Path));
            error.Message.Should().Contain(error.Checkpoint);
            using var file = SafeTensorsFile.Open(error.Checkpoint!);
            file.Metadata["mspn.training"].Should().Contain("\"Step\":2");
        }
        else
        {
            error.Checkpoint.Should().BeNull();
            Directory.GetFiles(_folder.Path).Should().BeEmpty();
        }
    }

    [Fact]
    public void An_output_folder_that_cannot_be_written_is_an_error_before_the_first_step()
    {
        File.WriteAllText(_folder.File("file"), "x");
        var output = _folder.File("file", "out");
        using var network = TinyNetworks.Mspn();
        var reports = new Reports();
        var trainer = new Trainer(network, new MultiStageLoss(), SmallRun.Loader(), SmallRun.Options(output, 3));
        trainer.Invoking(t => t.Run(progress: reports)).Should().Throw<PoseDataException>().WithMessage($"{output}*cannot be written*");
        reports.All.Should().BeEmpty();
    }

    [Fact]
    public void Missing_output_folders_are_made_and_hold_nothing_but_checkpoints()
    {
        var output = _folder.File("new", "deep");
        using var network = TinyNetworks.Mspn();
        new Trainer(network, new MultiStageLoss(), SmallRun.Loader(), SmallRun.Options(output, 3) with { CheckpointInterval = TimeSpan.Zero }).Run();
        Directory.GetFiles(output).Should().BeEquivalentTo(SmallRun.Checkpoint(output), SmallRun.PreviousCheckpoint(output));
    }

    [Fact]
    public void A_loader_for_another_size_is_an_error()
    {
        using var network = TinyNetworks.Mspn();
        var maps = () => new Trainer(
            network, new MultiStageLoss(), SmallRun.Loader(heatmaps: new ImageSize(32, 32)), SmallRun.Options(_folder.Path, 3));
        maps.Should().Throw<ArgumentException>().WithMessage("*maps of 32×32*gives 16×16*");
        var crops = () => new Trainer(
            network, new MultiStageLoss(), SmallRun.Loader(options: TinyNetworks.Options with { InputSize = new ImageSize(64, 48) }),
            SmallRun.Options(_folder.Path, 3));
        crops.Should().Throw<ArgumentException>().WithMessage("*crops of 64×48*takes 64×64*");
    }

    [Fact]
    public void A_loader_for_other_keypoints_is_an_error_even_if_there_are_as_many()
    {
        var options = TinyNetworks.Options;
        var people = new SyntheticPeopleDataset(KeypointSchemas.CrowdPose14, new SyntheticPeopleOptions { Count = 4, ImageSize = options.InputSize });
        using var network = TinyNetworks.Mspn(options with { Keypoints = KeypointSchemas.Lsp14 });
        var encoder = new CropEncoder(people.Schema, network.InputSize, network.HeatmapSize, new PoseInput(), new CoarseToFineHeatmapTarget());
        var make = () => new Trainer(
            network, new MultiStageLoss(), new PoseDataLoader(people, encoder, new PoseLoaderOptions { BatchSize = 2 }), SmallRun.Options(_folder.Path, 3));
        make.Should().Throw<ArgumentException>().WithMessage("*crowdpose14*lsp14*");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Three_hundred_steps_keep_no_tensors_and_no_memory(bool channelsLast)
    {
        const int start = 50;
        const int end = 300;
        const int tensorsInBatch = 3;
        var options = TinyNetworks.Options with { InputSize = new ImageSize(32, 32) };
        using var network = TinyNetworks.Mspn(options);
        var tensors = new Dictionary<int, long>();
        var memory = new Dictionary<int, long>();
        var reports = new Reports(p =>
        {
            if (p.Step is start or end)
            {
                tensors[p.Step] = LiveTensors.Count();
                memory[p.Step] = Environment.WorkingSet;
            }
        });
        new Trainer(
            network, new MultiStageLoss(), SmallRun.Loader(batchSize: 4, options: options),
            SmallRun.Options(_folder.Path, end) with { ChannelsLast = channelsLast }).Run(progress: reports);
        // The loader makes batches ahead, so a few of those come and go; a tensor a step would be 250.
        tensors[end].Should().BeCloseTo(tensors[start], (ulong)(tensorsInBatch * (new PoseLoaderOptions().Prefetch + 1)));
        (memory[end] - memory[start]).Should().BeLessThan(40L << 20);
    }

    [Fact]
    public void A_run_frees_its_optimiser_and_batches()
    {
        using var network = TinyNetworks.Mspn();
        LiveTensors.ShouldNotGrowDuring(() => new Trainer(
            network, new MultiStageLoss(), SmallRun.Loader(), SmallRun.Options(_folder.Path, 3) with { ChannelsLast = false }).Run());
    }
}
