using System.Runtime.InteropServices;
using Mspn.Core;
using Mspn.Data.Tests.Annotations;
using Mspn.Data.Tests.Images;

namespace Mspn.Data.Tests.Loading;

public class PoseDataLoaderStopTests
{
    private static readonly PoseLoaderOptions Options = new() { BatchSize = 2, Workers = 3, Prefetch = 3, Shuffle = false };

    [Fact]
    public void A_corrupt_image_is_an_error_that_names_it_after_the_good_batches()
    {
        using var files = new CocoFiles();
        var images = (System.Text.Json.Nodes.JsonArray)files.Root["images"]!;
        images.Clear();
        files.Annotations.Clear();
        for (var i = 0; i < 10; i++)
        {
            images.Add(CocoFiles.Image(i, $"{i}.png"));
            files.Annotations.Add(CocoFiles.Annotation(100 + i, i));
            TestImages.Noise(CocoFiles.Height, CocoFiles.Width).Save(Path.Combine(files.Images, $"{i}.png"));
        }
        var corrupt = Path.Combine(files.Images, "5.png");
        File.WriteAllBytes(corrupt, File.ReadAllBytes(corrupt)[..500]);
        var seen = new List<int>();

        var reading = () =>
        {
            foreach (var batch in SmallLoaders.Loader(files.Load(), Options).Epoch(0))
            {
                seen.AddRange(batch.Indices);
                batch.Dispose();
            }
        };

        reading.ShouldFailNaming(corrupt);
        seen.Should().Equal(0, 1, 2, 3);
    }

    [Fact]
    public void Any_other_error_of_the_data_set_reaches_the_consumer()
    {
        var people = new WatchedDataset(SmallLoaders.People(8), i => _ = i == 3 ? throw new InvalidOperationException("on strike") : i);

        FluentActions.Invoking(() => SmallLoaders.Loader(people, Options).Epoch(0).Contents())
            .Should().Throw<InvalidOperationException>().WithMessage("on strike");
    }

    [Fact]
    public void A_data_set_that_gives_up_by_itself_is_an_error_and_no_cancellation()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var people = new WatchedDataset(SmallLoaders.People(8), i => _ = i == 3 ? throw new TaskCanceledException("took too long") : i);

        FluentActions.Invoking(() => SmallLoaders.Loader(people, Options).Epoch(0, cancellation: patience.Token).Contents())
            .Should().Throw<PoseDataException>().WithMessage("*took too long*").WithInnerException<TaskCanceledException>();
    }

    [Fact]
    public void A_batch_that_no_memory_holds_is_an_error()
    {
        var people = SmallLoaders.People(4);
        var encoder = new CropEncoder(
            people.Schema, new ImageSize(int.MaxValue, int.MaxValue), new ImageSize(16, 12), new PoseInput(), new CoarseToFineHeatmapTarget());

        FluentActions.Invoking(() => new PoseDataLoader(people, encoder, Options).Epoch(0).Contents()).Should().Throw<ExternalException>();
    }

    [Fact]
    public void Cancelling_between_batches_ends_the_epoch()
    {
        using var cancellation = new CancellationTokenSource();
        var people = new WatchedDataset(SmallLoaders.People(40));
        var seen = 0;

        var reading = () =>
        {
            foreach (var batch in SmallLoaders.Loader(people, Options).Epoch(0, cancellation: cancellation.Token))
            {
                batch.Dispose();
                seen++;
                cancellation.Cancel();
            }
        };

        reading.Should().Throw<OperationCanceledException>();
        seen.Should().Be(1);
        people.Active.Should().Be(0);
    }

    [Fact]
    public void Cancelling_wakes_a_consumer_that_waits()
    {
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        var people = new WatchedDataset(SmallLoaders.People(8), _ => cancellation.Token.WaitHandle.WaitOne(TimeSpan.FromSeconds(20)));

        FluentActions.Invoking(() => SmallLoaders.Loader(people, Options).Epoch(0, cancellation: cancellation.Token).Contents())
            .Should().Throw<OperationCanceledException>();
    }

    [Fact]
    public void Leaving_early_stops_the_workers()
    {
        var people = new WatchedDataset(SmallLoaders.People(60));

        foreach (var batch in SmallLoaders.Loader(people, Options).Epoch(0))
        {
            batch.Dispose();
            break;
        }

        var loads = people.Loads;
        people.Active.Should().Be(0);
        Thread.Sleep(100);
        people.Loads.Should().Be(loads);
    }

    [Fact]
    public void Workers_run_ahead_no_further_than_they_may()
    {
        var people = new WatchedDataset(SmallLoaders.People(60));
        using var batches = SmallLoaders.Loader(people, Options).Epoch(0).GetEnumerator();
        batches.MoveNext();
        using (batches.Current)
        {
            Thread.Sleep(200);

            people.Loads.Should().BeLessThanOrEqualTo((1 + Options.Prefetch) * Options.BatchSize);
        }
    }
}
