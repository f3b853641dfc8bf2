using Mspn.Core;
using Mspn.Data;

namespace Mspn.Inference.Tests;

public sealed class PoseStreamsTests : IDisposable
{
    private readonly PoseEstimator _estimator = new(new PoseModel(TinyNetworks.Mspn(), new PoseInput()));

    public void Dispose() => _estimator.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Poses_come_in_the_order_of_images(int ahead)
    {
        var images = Images(6);
        var found = new List<FramePoses>();
        await foreach (var frame in _estimator.EstimateAsync(Frames(images), ahead: ahead))
        {
            found.Add(frame);
        }
        found.Select(f => f.Index).Should().Equal(0, 1, 2, 3, 4, 5);
        found.Select(f => f.Image).Should().Equal(images);
        foreach (var frame in found)
        {
            frame.Poses.Single().Keypoints.Should().Equal(_estimator.EstimateEverybody(frame.Image).Single().Keypoints);
        }
    }

    [Fact]
    public async Task A_detectors_people_are_found()
    {
        await foreach (var frame in _estimator.EstimateAsync(Frames(Images(2)), new TwoHalves()))
        {
            frame.Poses.Select(p => p.BoxScore).Should().Equal(0.9, 0.4);
        }
    }

    [Fact]
    public async Task Images_are_taken_as_they_are_needed()
    {
        var taken = 0;
        var frames = _estimator.EstimateAsync(Frames(Images(20), () => taken++), ahead: 3).GetAsyncEnumerator();
        (await frames.MoveNextAsync()).Should().BeTrue();
        await Task.Delay(200);
        taken.Should().BeLessThanOrEqualTo(1 + 3);
        await frames.DisposeAsync();
        taken.Should().BeLessThanOrEqualTo(1 + 3 + 1);
    }

    [Fact]
    public async Task Cancelling_ends_the_stream()
    {
        using var source = new CancellationTokenSource();
        var listen = async () =>
        {
            await foreach (var frame in _estimator.EstimateAsync(Frames(Images(50)), cancellation: source.Token))
            {
                await source.CancelAsync();
            }
        };
        await listen.Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task An_error_of_the_source_comes_at_its_turn()
    {
        var taken = 0;
        var seen = 0;
        var listen = async () =>
        {
            await foreach (var frame in _estimator.EstimateAsync(Frames(Images(5), () => _ = ++taken == 3 ? throw new PoseDataException("video", "it is torn") : 0)))
            {
                seen++;
            }
        };
        await listen.Should().ThrowAsync<PoseDataException>();
        seen.Should().Be(2);
    }

    private static RgbImage[] Images(int count)
    {
        var people = new SyntheticPeopleDataset(KeypointSchemas.Coco17, new SyntheticPeopleOptions { Count = count, ImageSize = new ImageSize(96, 64) });
        return [.. Enumerable.Range(0, count).Select(people.LoadImage)];
    }

    private static async IAsyncEnumerable<RgbImage> Frames(RgbImage[] images, Action? taken = null)
    {
        foreach (var image in images)
        {
            await Task.Yield();
            taken?.Invoke();
            yield return image;
        }
    }

    private sealed class TwoHalves : IPersonDetector
    {
        public IReadOnlyList<PersonBox> Detect(RgbImage image, string? imageName, CancellationToken cancellation) =>
            [new PersonBox(new Box(0, 0, 32, 96), 0.9), new PersonBox(new Box(32, 0, 32, 96), 0.4)];

        public void Dispose()
        {
        }
    }
}
