using Mspn.Core;
using TorchSharp;

namespace Mspn.Data.Tests.Loading;

public class PoseDataLoaderTests
{
    private static readonly PoseLoaderOptions Options = new() { BatchSize = 4, Workers = 2, Prefetch = 3, Seed = 11 };

    [Fact]
    public void A_batch_has_the_documented_shapes()
    {
        using var batch = SmallLoaders.Loader(SmallLoaders.People(9), Options).Epoch(0).First();

        batch.Images.shape.Should().Equal(4, 3, 64, 48);
        batch.Targets.Heatmaps.shape.Should().Equal(4, 5, 17, 16, 12);
        batch.Targets.Visibility.shape.Should().Equal(4, 17);
        batch.Images.dtype.Should().Be(torch.ScalarType.Float32);
        batch.Indices.Should().HaveCount(4);
    }

    public static TheoryData<ICropAugmentation> Augmentations => [CropAugmentation.OfficialCoco, CropAugmentation.Mmpose, CropAugmentation.Simple];

    [Theory]
    [MemberData(nameof(Augmentations))]
    public void The_number_of_workers_never_changes_a_batch(ICropAugmentation augmentation)
    {
        var people = SmallLoaders.People(22);

        var one = SmallLoaders.Loader(people, Options with { Workers = 1, Prefetch = 1 }, augmentation).Epoch(3).Contents();

        foreach (var workers in new[] { 2, 4 })
        {
            SmallLoaders.Loader(people, Options with { Workers = workers }, augmentation).Epoch(3).Contents().ShouldEqual(one);
        }
    }

    [Fact]
    public void Another_epoch_or_seed_has_another_order()
    {
        var people = SmallLoaders.People(40);
        var loader = SmallLoaders.Loader(people, Options);

        loader.Order(0).Should().NotEqual(loader.Order(1)).And.BeEquivalentTo(loader.Order(1)).And.Equal(loader.Order(0));
        SmallLoaders.Loader(people, Options with { Seed = 12 }).Order(0).Should().NotEqual(loader.Order(0));
        SmallLoaders.Loader(people, Options with { Shuffle = false }).Order(5).Should().Equal(Enumerable.Range(0, 40));
    }

    [Fact]
    public void Another_epoch_has_another_augmentation()
    {
        var loader = SmallLoaders.Loader(SmallLoaders.People(8), Options with { Shuffle = false });

        var (first, second) = (loader.Epoch(0).Contents(), loader.Epoch(1).Contents());

        second[0].Indices.Should().Equal(first[0].Indices);
        second[0].Images.AsSpan().SequenceEqual(first[0].Images).Should().BeFalse();
    }

    [Fact]
    public void Evaluation_batches_are_the_same_in_every_epoch()
    {
        var loader = SmallLoaders.Loader(SmallLoaders.People(8), Options with { Shuffle = false }, augmentation: null);

        loader.Epoch(1).Contents().ShouldEqual(loader.Epoch(0).Contents());
    }

    [Fact]
    public void Everybody_comes_exactly_once_if_nobody_is_dropped()
    {
        var loader = SmallLoaders.Loader(SmallLoaders.People(22), Options with { DropLast = false });

        var batches = loader.Epoch(0).Contents();

        batches.Should().HaveCount(loader.BatchesPerEpoch).And.HaveCount(6);
        batches.SelectMany(b => b.Indices).Order().Should().Equal(Enumerable.Range(0, 22));
        batches[^1].Indices.Should().HaveCount(2);
    }

    [Fact]
    public void An_incomplete_last_batch_is_dropped()
    {
        var batches = SmallLoaders.Loader(SmallLoaders.People(22), Options).Epoch(0).Contents();

        batches.Should().HaveCount(5).And.OnlyContain(b => b.Indices.Length == 4);
    }

    [Fact]
    public void Resuming_passes_over_batches_without_reading_them()
    {
        var people = new WatchedDataset(SmallLoaders.People(22));
        var loader = SmallLoaders.Loader(people, Options);
        var whole = loader.Epoch(2).Contents();
        var before = people.Loads;

        var rest = loader.Epoch(2, firstBatch: 3).Contents();

        rest.ShouldEqual(whole[3..]);
        (people.Loads - before).Should().Be(8);
        loader.Epoch(2, firstBatch: 5).Should().BeEmpty();
    }

    [Fact]
    public void A_negative_first_batch_is_refused_at_once() =>
        FluentActions.Invoking(() => { SmallLoaders.Loader(SmallLoaders.People(4), Options).Epoch(0, firstBatch: -1); })
            .Should().Throw<ArgumentOutOfRangeException>();

    [Fact]
    public void Enumerating_leaves_no_tensors_behind()
    {
        var loader = SmallLoaders.Loader(SmallLoaders.People(12), Options);

        LiveTensors.ShouldNotGrowDuring(() =>
        {
            foreach (var batch in loader.Epoch(0))
            {
                batch.Dispose();
            }
            loader.Epoch(0).First().Dispose();
        });
    }

    [Fact]
    public void A_data_set_smaller_than_a_batch_is_refused()
    {
        FluentActions.Invoking(() => SmallLoaders.Loader(SmallLoaders.People(3), Options))
            .Should().Throw<ArgumentException>().WithMessage("*3 people*4*");
        SmallLoaders.Loader(SmallLoaders.People(3), Options with { DropLast = false }).BatchesPerEpoch.Should().Be(1);
    }

    [Fact]
    public void An_encoder_of_another_schema_is_refused()
    {
        var encoder = Augmentation.People.Encoder();

        FluentActions.Invoking(() => new PoseDataLoader(SmallLoaders.People(8), encoder, Options)).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void As_many_keypoints_with_other_names_are_other_keypoints()
    {
        var people = new SyntheticPeopleDataset(KeypointSchemas.Lsp14, new SyntheticPeopleOptions { Count = 8, ImageSize = new ImageSize(64, 64) });
        var encoder = new CropEncoder(
            KeypointSchemas.CrowdPose14, new ImageSize(64, 48), new ImageSize(16, 12), new PoseInput(), new CoarseToFineHeatmapTarget());

        FluentActions.Invoking(() => new PoseDataLoader(people, encoder, Options)).Should().Throw<ArgumentException>().WithMessage("*lsp14*crowdpose14*");
    }

    [Theory]
    [InlineData(0, 1, 1, "BatchSize")]
    [InlineData(1, 0, 1, "Workers")]
    [InlineData(1, 1, 0, "Prefetch")]
    public void Options_below_one_are_refused_by_name(int batchSize, int workers, int prefetch, string name)
    {
        var options = new PoseLoaderOptions { BatchSize = batchSize, Workers = workers, Prefetch = prefetch };

        FluentActions.Invoking(() => SmallLoaders.Loader(SmallLoaders.People(4), options)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName(name);
    }
}
