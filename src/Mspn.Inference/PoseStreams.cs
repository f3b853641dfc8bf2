using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Mspn.Core;
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
        return Run(
            frames, (index, frame, stop) => new FramePoses(index, frame, Poses(estimator, frame, detector, null, stop)), ahead, cancellation);
    }

    /// <summary>Finds the poses in one image file after another, reading files while the ones before are worked on. A bad file does not end it.</summary>
    /// <param name="estimator">What finds poses.</param>
    /// <param name="files">The files (see <see cref="ImageFiles.Find"/>), taken as they are needed.</param>
    /// <param name="detector">What finds people; it is told the file's name. Default: none; see <see cref="PoseEstimator.EstimateEverybody"/>.</param>
    /// <param name="ahead">How many files are worked on at once, at least 1. Default 2.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>The poses in the order of the files, or why there are none.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="ahead"/> is below 1.</exception>
    /// <exception cref="PoseDataException">Something other than an image is bad, such as the detector's file.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static IAsyncEnumerable<FilePoses> EstimateFilesAsync(
        this PoseEstimator estimator, IEnumerable<string> files, IPersonDetector? detector = null, int ahead = 2, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(estimator);
        ArgumentNullException.ThrowIfNull(files);
        ArgumentOutOfRangeException.ThrowIfLessThan(ahead, 1);
        return Run(files.ToAsyncEnumerable(), (index, file, stop) => Read(estimator, index, file, detector, stop), ahead, cancellation);
    }

    private static FilePoses Read(PoseEstimator estimator, long index, string file, IPersonDetector? detector, CancellationToken cancellation)
    {
        try
        {
            var image = RgbImage.Load(file);
            return new FilePoses(index, file, image, Poses(estimator, image, detector, file, cancellation));
        }
        catch (PoseDataException e) when (e.SourceName == file)
        {
            return new FilePoses(index, file, null, []) { Error = e };
        }
        catch (ArgumentException e)
        {
            // Of a size that cannot be worked with, or with a box beside it.
            return new FilePoses(index, file, null, []) { Error = new PoseDataException(file, e.Message, e) };
        }
    }

    private static IReadOnlyList<Pose> Poses(
        PoseEstimator estimator, RgbImage image, IPersonDetector? detector, string? name, CancellationToken cancellation) => detector is null
            ? estimator.EstimateEverybody(image, cancellation)
            : estimator.Estimate(image, detector, name, cancellation);

    private static async IAsyncEnumerable<TResult> Run<TFrame, TResult>(
        IAsyncEnumerable<TFrame> frames, Func<long, TFrame, CancellationToken, TResult> find, int ahead, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // Also cancelled when the caller stops listening.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var places = new SemaphoreSlim(ahead);
        var begun = Channel.CreateUnbounded<Task<TResult>>();
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
                    begun.Writer.TryWrite(Task.Run(() => find(number, frame, end.Token), end.Token));
                    await places.WaitAsync(end.Token).ConfigureAwait(false);
                }
            }
            finally
            {
                begun.Writer.Complete();
            }
        }
    }
}
