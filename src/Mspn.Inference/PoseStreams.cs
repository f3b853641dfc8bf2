using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Mspn.Data;

namespace Mspn.Inference;

/// <summary>Poses of streams of images: videos, cameras, folders.</summary>
public static class PoseStreams
{
    /// <summary>Finds the poses of one image after another, reading images while the ones before are worked on.</summary>
    /// <param name="estimator">What finds poses.</param>
    /// <param name="frames">The images, taken as they are needed: never more than <paramref name="ahead"/> beyond the one that is waited for.</param>
    /// <param name="detector">What finds people. Default: none; see <see cref="PoseEstimator.EstimateEverybody"/>.</param>
    /// <param name="ahead">How many images are worked on at once, at least 1. Default 2.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>The poses in the order of the images.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="ahead"/> is below 1.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    /// <remarks>An exception of the source, the detector or the estimator comes out at the image's turn and ends the stream.</remarks>
    public static IAsyncEnumerable<FramePoses> EstimateAsync(
        this PoseEstimator estimator,
        IAsyncEnumerable<RgbImage> frames,
        IPersonDetector? detector = null,
        int ahead = 2,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(estimator);
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentOutOfRangeException.ThrowIfLessThan(ahead, 1);
        return Run(estimator, frames, detector, ahead, cancellation);
    }

    private static async IAsyncEnumerable<FramePoses> Run(
        PoseEstimator estimator, IAsyncEnumerable<RgbImage> frames, IPersonDetector? detector, int ahead, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // Also cancelled when the caller stops listening.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var places = new SemaphoreSlim(ahead);
        var begun = Channel.CreateUnbounded<Task<FramePoses>>();
        var reading = ReadAsync();
        try
        {
            await foreach (var work in begun.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                var poses = await work.ConfigureAwait(false);
                places.Release();
                yield return poses;
            }
            await reading.ConfigureAwait(false);
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (begun.Reader.TryRead(out var work))
            {
                await ((Task)work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        async Task ReadAsync()
        {
            try
            {
                var index = 0L;
                await places.WaitAsync(end.Token).ConfigureAwait(false);
                await foreach (var frame in frames.WithCancellation(end.Token).ConfigureAwait(false))
                {
                    var number = index++;
                    begun.Writer.TryWrite(Task.Run(() => new FramePoses(number, frame, Poses(frame)), end.Token));
                    await places.WaitAsync(end.Token).ConfigureAwait(false);
                }
            }
            finally
            {
                begun.Writer.Complete();
            }
        }

        IReadOnlyList<Pose> Poses(RgbImage frame) => detector is null
            ? estimator.EstimateEverybody(frame, end.Token)
            : estimator.Estimate(frame, detector, cancellation: end.Token);
    }
}
