using Mspn.Core;
using Mspn.Data;
using Mspn.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Training.Tests;

public class OwnNetworkTests
{
    private static readonly ImageSize Size = new(64, 64);

    [Fact]
    public void A_callers_own_module_trains_is_saved_and_comes_back()
    {
        using var folder = new TemporaryFolder();
        var people = new SyntheticPeopleDataset(KeypointSchemas.Lsp14, new SyntheticPeopleOptions { Count = 16, ImageSize = Size });
        torch.manual_seed(3);
        using var network = new OwnNetwork(people.Schema, Size);
        var input = new PoseInput { HeatmapPeak = 1 };
        var encoder = new CropEncoder(people.Schema, Size, network.HeatmapSize, input, new GaussianHeatmapTarget(sigma: 1.5));
        var loader = new PoseDataLoader(people, encoder, new PoseLoaderOptions { BatchSize = 8 });
        var trainer = new Trainer(network, PoseLosses.SimpleBaseline(), loader, new TrainerOptions
        {
            OutputFolder = folder.Path,
            Budget = TrainingBudget.OfSteps(20),
            ChannelsLast = false, // the same layout as after loading, for identical outputs
            Schedule = new LearningRateSchedule { BaseRate = 3e-3, WarmupSteps = 2 },
        });
        var reports = new Reports();
        trainer.Run(progress: reports);
        reports.All[^1].Loss.Should().BeLessThan(0.9 * reports.All[0].Loss);

        var file = folder.File("own.safetensors");
        PoseModelFile.Save(file, network, input);
        using var model = PoseModelFile.LoadInto(file, new OwnNetwork(people.Schema, Size));

        using var scope = NewDisposeScope();
        var images = rand(2, 3, 64, 64);
        model.Network.PredictFinal(images).Final.Bytes().Should().Equal(((IPoseNetwork)network).PredictFinal(images).Final.Bytes());
        model.Input.Should().BeEquivalentTo(input);
    }

    [Fact]
    public void A_file_of_a_network_without_options_says_how_it_can_be_read()
    {
        using var folder = new TemporaryFolder();
        using var network = new OwnNetwork(KeypointSchemas.Lsp14, Size);
        var file = folder.File("own.safetensors");
        PoseModelFile.Save(file, network, new PoseInput());
        var load = () => PoseModelFile.Load(file);
        load.Should().Throw<PoseDataException>().WithMessage($"{file}*mspn.network*own code*LoadInto*");
    }

    [Fact]
    public void Weights_for_other_keypoints_are_refused()
    {
        using var folder = new TemporaryFolder();
        using var network = new OwnNetwork(KeypointSchemas.Lsp14, Size);
        var file = folder.File("own.safetensors");
        PoseModelFile.Save(file, network, new PoseInput());
        using var other = new OwnNetwork(KeypointSchemas.CrowdPose14, Size);
        var load = () => PoseModelFile.LoadInto(file, other);
        load.Should().Throw<PoseDataException>().WithMessage($"{file}*keypoints*");
    }
}
