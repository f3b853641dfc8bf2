using Mspn.Core;
using Mspn.Data;
using Mspn.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Training.Tests;

/// <summary>Heat maps with offsets (G-RMI) from annotation to position.</summary>
public class OffsetTrainingTests
{
    private const int People = 4;
    private const int Steps = 100;

    [Fact]
    public void A_network_with_offsets_learns_a_few_people_and_finds_them_to_a_fraction_of_a_cell()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(1);
        var size = new ImageSize(64, 64);
        using var network = (TinyNetworks.Options with { Stages = 1, BaseChannels = 8, UpsampleChannels = 24, KeypointOffsets = true }).Build();
        var people = new SyntheticPeopleDataset(network.Keypoints, new SyntheticPeopleOptions { Count = People, ImageSize = size, TruncationProbability = 0 });
        var input = new PoseInput { OffsetRadius = 2.5 };
        var encoder = new CropEncoder(network.Keypoints, size, network.HeatmapSize, input, new DiskOffsetTarget(input.OffsetRadius));
        using var batch = new PoseDataLoader(people, encoder, new PoseLoaderOptions { BatchSize = People, Shuffle = false }).Epoch(0).First();
        using var stepper = new TrainingStepper(network, new HeatmapOffsetLoss());

        for (var step = 0; step < Steps; step++)
        {
            stepper.Step(batch.Images, batch.Targets, step < 3 * Steps / 4 ? 1e-2 : 2e-3);
        }
        // In training mode, whose statistics are those of this very batch.
        var found = network.CreateDecoder(input).DecodePeople(network.PredictFinal(batch.Images), size);

        var errors = new List<double>();
        for (var i = 0; i < People; i++)
        {
            var keypoints = Crop(encoder, people, i);
            errors.AddRange(keypoints.Zip(found[i].Single().Keypoints).Where(p => p.First.IsLabelled)
                .Select(p => Math.Sqrt(Math.Pow(p.First.X - p.Second.X, 2) + Math.Pow(p.First.Y - p.Second.Y, 2))));
        }
        errors.Should().HaveCountGreaterThan(20);
        // A cell is four pixels wide: whole cells would be off by 1.5 pixels in the median.
        errors.Order().ElementAt(errors.Count / 2).Should().BeLessThan(1, "median error in pixels");
    }

    private static Keypoint[] Crop(CropEncoder encoder, SyntheticPeopleDataset people, int index) => encoder.Encode(
        people[index], people.LoadImage(index), new SampleRandom(0, 0, 0), new float[encoder.ImageLength], [], new float[encoder.Schema.Count]);
}
