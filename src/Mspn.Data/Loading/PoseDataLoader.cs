using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Mspn.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Data;

/// <summary>How a <see cref="PoseDataLoader"/> works.</summary>
public sealed record PoseLoaderOptions
{
    /// <summary>People per batch, at least 1. Default 32.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Threads that read and crop images, at least 1. Default 2.</summary>
    public int Workers { get; init; } = 2;

    /// <summary>Batches that may be ready or in the making ahead of the consumer, at least 1. Default 4.</summary>
    public int Prefetch { get; init; } = 4;

    /// <summary>Fixes the order and the augmentation of every epoch. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>Whether the order changes from epoch to epoch. Default true.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Whether an incomplete last batch is left out. Default true when shuffling makes that fair; set false to see everybody.</summary>
    public bool DropLast { get; init; } = true;
}

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
    public PoseDataLoader(IPoseDataset dataset, CropEncoder encoder, PoseLoaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(encoder);
        _dataset = dataset;
        _encoder = encoder;
        _options = options ?? new PoseLoaderOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.BatchSize, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Workers, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Prefetch, 1, nameof(options));
        if (dataset.Schema.Count != encoder.Schema.Count)
        {
            throw new ArgumentException($"The data set has {dataset.Schema}, the encoder {encoder.Schema}.", nameof(encoder));
        }
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
        var order = Order(epoch);
        var total = BatchesPerEpoch;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var credit = new SemaphoreSlim(_options.Prefetch);
        var ready = new ConcurrentDictionary<int, Arrays>();
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
            catch (OperationCanceledException)
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
                Arrays? arrays;
                while (!ready.TryRemove(number, out arrays))
                {
                    arrival.Wait(cancellation);
                }
                credit.Release();
                cancellation.ThrowIfCancellationRequested();
                arrays.Error?.Throw();
                yield return ToBatch(arrays);
            }
        }
        finally
        {
            stop.Cancel();
            foreach (var worker in workers)
            {
                worker.Join();
            }
        }
    }

    private Arrays Prepare(int[] order, int epoch, int number, CancellationToken cancellation)
    {
        var start = number * _options.BatchSize;
        var indices = order[start..Math.Min(start + _options.BatchSize, order.Length)];
        var arrays = new Arrays(
            indices,
            new float[indices.Length * _encoder.ImageLength],
            new float[indices.Length * _encoder.TargetLength],
            new float[indices.Length * _encoder.Schema.Count],
            new float[indices.Length * _encoder.PartsLength]);
        try
        {
            for (var i = 0; i < indices.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                _encoder.Encode(
                    _dataset[indices[i]],
                    _dataset.LoadImage(indices[i]),
                    new SampleRandom(_options.Seed, epoch, indices[i]),
                    arrays.Images.AsSpan(i * _encoder.ImageLength, _encoder.ImageLength),
                    arrays.Targets.AsSpan(i * _encoder.TargetLength, _encoder.TargetLength),
                    arrays.Visibility.AsSpan(i * _encoder.Schema.Count, _encoder.Schema.Count),
                    arrays.Parts.AsSpan(i * _encoder.PartsLength, _encoder.PartsLength));
            }
            return arrays;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return arrays with { Error = ExceptionDispatchInfo.Capture(e) };
        }
    }

    private PoseBatch ToBatch(Arrays arrays)
    {
        var n = arrays.Indices.Length;
        var (input, map) = (_encoder.InputSize, _encoder.HeatmapSize);
        var targets = new PoseTargets(
            tensor(arrays.Targets, [n, _encoder.Target.Levels, _encoder.Schema.Count, map.Height, map.Width]),
            tensor(arrays.Visibility, [n, _encoder.Schema.Count]))
        {
            Extras = ToExtras(arrays.Parts, n, map),
        };
        return new PoseBatch(arrays.Indices, tensor(arrays.Images, [n, 3, input.Height, input.Width]), targets);
    }

    private Dictionary<string, Tensor> ToExtras(float[] parts, int n, ImageSize map)
    {
        var extras = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        if (parts.Length > 0)
        {
            using var all = tensor(parts, [n, _encoder.Parts.Sum(p => p.Channels), map.Height, map.Width]);
            var channel = 0;
            foreach (var part in _encoder.Parts)
            {
                extras.Add(part.Name, all.narrow(1, channel, part.Channels));
                channel += part.Channels;
            }
        }
        return extras;
    }

    private sealed record Arrays(int[] Indices, float[] Images, float[] Targets, float[] Visibility, float[] Parts)
    {
        public ExceptionDispatchInfo? Error { get; init; }
    }
}
