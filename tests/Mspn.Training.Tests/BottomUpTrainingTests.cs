using Mspn.Core;
using Mspn.Data;
using Mspn.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Training.Tests;

public class BottomUpTrainingTests
{
    private static readonly SyntheticPeopleDataset People = new(KeypointSchemas.CrowdPose14, new SyntheticPeopleOptions
    {
        Count = 4, Seed = 5, ImageSize = new ImageSize(96, 128), MinFiguresPerImage = 2, MaxFiguresPerImage = 2, MinFigureHeight = 0.9,
        MaxFigureHeight = 1, MaxTurn = 30, OcclusionProbability = 0, TruncationProbability = 0,
    });

    [Fact]
    public void A_small_OpenPose_learns_to_find_the_people_of_a_few_images()
    {
        using var oneThread = new OneThread();
        using var folder = new TemporaryFolder();
        torch.manual_seed(1);
        using var network = new OpenPose(new OpenPoseOptions
        {
            Keypoints = People.Schema, InputSize = new ImageSize(96, 128), Stages = 2, BaseChannels = 8, Channels = 32, FirstStageChannels = 32, Kernel = 3,
        });
        var images = new CachedImages(new WholeImageDataset(People));
        var encoder = new CropEncoder(
            People.Schema, network.InputSize, network.HeatmapSize, new PoseInput { BoxScaleX = 1, BoxScaleY = 1 },
            new PartAffinityTarget(network.Layout, sigma: 0.7, limbWidth: 0.7));
        var loader = new PoseDataLoader(images, encoder, new PoseLoaderOptions { BatchSize = images.Count, Workers = 1 });
        var trainer = new Trainer(network, new PartAffinityLoss(), loader, new TrainerOptions
        {
            OutputFolder = folder.Path,
            Budget = TrainingBudget.OfSteps(200),
            Schedule = new LearningRateSchedule { BaseRate = 4e-3, WarmupSteps = 50 },
            WeightDecay = 0,
        });

        CountFound(network, loader).Found.Should().Be(0, "nothing is learnt yet");
        trainer.Run();

        var result = CountFound(network, loader);
        result.Found.Should().BeGreaterThanOrEqualTo(6, "there are {0}", result.People);
        result.False.Should().BeLessThanOrEqualTo(2);
    }

    private static PeopleFoundResult CountFound(OpenPose network, PoseDataLoader loader)
    {
        var images = new WholeImageDataset(People);
        var evaluator = new PeopleFoundEvaluator();
        network.eval();
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        foreach (var batch in loader.Epoch(0))
        {
            using (batch)
            {
                var found = network.CreateDecoder(loader.Encoder.Input).DecodePeople(network.PredictFinal(batch.Images), network.InputSize);
                foreach (var (index, people) in batch.Indices.Zip(found))
                {
                    evaluator.Add([.. images.PeopleOf(index).Select(i => People[i])], [.. people.Select(person => person.Keypoints)]);
                }
            }
        }
        return evaluator.Result;
    }
}
