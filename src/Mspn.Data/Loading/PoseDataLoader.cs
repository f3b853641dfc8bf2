using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Mspn.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Data;

/// <summary>
/// Reads a data set in batches, prepared ahead of time on threads of its own. Order and augmentation depend on the seed, the epoch and the
/// person alone: the number of workers never changes a batch.
/// </summary>
/// <remarks>Safe to use from one consumer at a time; each enumeration starts its own workers and stops them when it ends.</remarks>
public sealed class PoseDataLoader
{
    private readonly IPoseDataset _dataset;
    private readonly CropEncoder _encoder;
    private readonly PoseLoaderOptions _options;

    /// <summary>Creates a loader.</summary>
    /// <param name="dataset">The people.</param>
    /// <param name="encoder">Makes crops and targets.</param>
    /// <param name="options">Batch size, workers, seed.</param>
    /// <exception cref="ArgumentException">The data set is empty or smaller than one batch that may not be incomplete, or has other
    /// keypoints than the encoder.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is below 1; the message names it.</exception>
    public PoseDataLoader(IPoseDataset dataset, CropEncoder encoder, PoseLoaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(encoder);
        _dataset = dataset;
        _encoder = encoder;
        _options = options ?? new PoseLoaderOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.BatchSize, 1, nameof(PoseLoaderOptions.BatchSize));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Workers, 1, nameof(PoseLoaderOptions.Workers));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Prefetch, 1, nameof(PoseLoaderOptions.Prefetch));
        Require.SameKeypoints("the data set", dataset.Schema, "the encoder", encoder.Schema, nameof(encoder));
        if (BatchesPerEpoch == 0)
        {
            throw new ArgumentException(
                $"The data set has {dataset.Count} people, too few for one batch of {_options.BatchSize}.", nameof(dataset));
        }
    }

    /// <summary>The people.</summary>
    public IPoseDataset Dataset => _dataset;

    /// <summary>Makes crops and targets.</summary>
    public CropEncoder Encoder => _encoder;

    /// <summary>Batch size, workers, seed.</summary>
    public PoseLoaderOptions Options => _options;

    /// <summary>Batches in an epoch.</summary>
    public int BatchesPerEpoch => _options.DropLast
        ? _dataset.Count / _options.BatchSize
        : (_dataset.Count + _options.BatchSize - 1) / _options.BatchSize;

    /// <summary>The people of an epoch in their order.</summary>
    public int[] Order(int epoch)
    {
        var order = Enumerable.Range(0, _dataset.Count).ToArray();
        if (_options.Shuffle)
        {
            new SampleRandom(_options.Seed, epoch, -1).Shuffle(order.AsSpan());
        }
        return order;
    }

    /// <summary>The batches of one epoch.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="firstBatch">How many batches to pass over, without reading them, when resuming. Default 0.</param>
    /// <param name="cancellation">Ends the enumeration with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>Batches; the caller disposes each.</returns>
    /// <exception cref="PoseDataException">An image or annotation is bad; the message names it. The batches before it are delivered first.</exception>
    public IEnumerable<PoseBatch> Epoch(int epoch, int firstBatch = 0, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstBatch);
        return Batches(epoch, firstBatch, cancellation);
    }

    private IEnumerable<PoseBatch> Batches(int epoch, int firstBatch, CancellationToken cancellation)
    {
        var order = Order(epoch);
        var total = BatchesPerEpoch;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var credit = new SemaphoreSlim(_options.Prefetch);
        var ready = new ConcurrentDictionary<int, Prepared>();
        using var arrival = new SemaphoreSlim(0);
        var next = firstBatch - 1;

        void Work()
        {
            try
            {
                while (true)
                {
                    credit.Wait(stop.Token);
                    // A credit is held before a number is taken, so the batch the consumer waits for is always in someone's hands.
                    var number = Interlocked.Increment(ref next);
                    if (number >= total)
                    {
                        return;
                    }
                    ready[number] = Prepare(order, epoch, number, stop.Token);
                    arrival.Release();
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // The consumer has gone or will see the cancellation itself.
            }
        }

        var workers = Enumerable.Range(0, _options.Workers)
            .Select(i => new Thread(Work) { IsBackground = true, Name = $"Mspn loader {i}" }).ToArray();
        foreach (var worker in workers)
        {
            worker.Start();
        }
        try
        {
            for (var number = firstBatch; number < total; number++)
            {
                Prepared? prepared;
                while (!ready.TryRemove(number, out prepared))
                {
                    arrival.Wait(cancellation);
                }
                credit.Release();
                if (cancellation.IsCancellationRequested)
                {
                    prepared.Batch?.Dispose();
                    cancellation.ThrowIfCancellationRequested();
                }
                prepared.Error?.Throw();
                yield return prepared.Batch!;
            }
        }
        finally
        {
            stop.Cancel();
            foreach (var worker in workers)
            {
                worker.Join();
            }
            foreach (var unused in ready.Values)
            {
                unused.Batch?.Dispose();
            }
        }
    }

    // Crops and targets are written where the tensors have them: nothing is copied. The worker has no dispose scope, so the batch is nobody's until
    // the consumer has it.
    private Prepared Prepare(int[] order, int epoch, int number, CancellationToken cancellation)
    {
        var start = number * _options.BatchSize;
        var indices = order[start..Math.Min(start + _options.BatchSize, order.Length)];
        PoseBatch? batch = null;
        try
        {
            batch = NewBatch(indices, out var parts);
            using var ownParts = parts;
            for (var i = 0; i < indices.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                _encoder.Encode(
                    _dataset[indices[i]],
                    _dataset.LoadImage(indices[i]),
                    new SampleRandom(_options.Seed, epoch, indices[i]),
                    Numbers(batch.Images, i, _encoder.ImageLength),
                    Numbers(batch.Targets.Heatmaps, i, _encoder.TargetLength),
                    Numbers(batch.Targets.Visibility, i, _encoder.Schema.Count),
                    Numbers(parts, i, _encoder.PartsLength));
            }
            return new Prepared(batch, null);
        }
        catch (Exception e)
        {
            batch?.Dispose();
            if (e is OperationCanceledException && cancellation.IsCancellationRequested)
            {
                throw;
            }
            // A data set that gives up by itself, say a request that took too long, must not look as if the consumer had cancelled.
            var error = e is OperationCanceledException ? new PoseDataException("data set", $"it cancelled the reading of an image ({e.Message})", e) : e;
            return new Prepared(null, ExceptionDispatchInfo.Capture(error));
        }
    }

    private PoseBatch NewBatch(int[] indices, out Tensor? parts)
    {
        var n = indices.Length;
        var (input, map) = (_encoder.InputSize, _encoder.HeatmapSize);
        var extras = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        parts = _encoder.Parts.Count == 0 ? null : empty([n, _encoder.Parts.Sum(p => p.Channels), map.Height, map.Width]);
        var channel = 0;
        foreach (var part in _encoder.Parts)
        {
            extras.Add(part.Name, parts!.narrow(1, channel, part.Channels));
            channel += part.Channels;
        }
        var targets = new PoseTargets(
            empty([n, _encoder.Target.Levels, _encoder.Schema.Count, map.Height, map.Width]), empty([n, _encoder.Schema.Count])) { Extras = extras };
        return new PoseBatch(indices, empty([n, 3, input.Height, input.Width]), targets);
    }

    // The memory stays as long as the whole tensor.
    private static Span<float> Numbers(Tensor? tensor, int index, int length)
    {
        using var part = tensor?.select(0, index);
        return part is null ? [] : MemoryMarshal.Cast<byte, float>(part.bytes)[..length];
    }

    // A batch, or why there is none.
    private sealed record Prepared(PoseBatch? Batch, ExceptionDispatchInfo? Error);
}
