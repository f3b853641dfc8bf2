using System.Collections.Concurrent;
using Mspn.Core;

namespace Mspn.Data;

/// <summary>Keeps the decoded images of another data set in memory, up to a limit, so that later epochs need not read them again.</summary>
/// <remarks>Nothing is ever dropped: once the limit is reached, further images are read each time. Thread-safe if the inner data set is.</remarks>
public sealed class CachedImages : IPoseDataset
{
    private readonly IPoseDataset _inner;
    private readonly long _limit;
    private readonly ConcurrentDictionary<long, RgbImage> _images = new();
    private long _bytes;

    /// <summary>Wraps a data set.</summary>
    /// <param name="inner">The data set; its images must not be changed by anybody.</param>
    /// <param name="megabytes">The limit. Default 1024.</param>
    public CachedImages(IPoseDataset inner, int megabytes = 1024)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentOutOfRangeException.ThrowIfNegative(megabytes);
        _inner = inner;
        _limit = megabytes * 1024L * 1024L;
    }

    /// <inheritdoc />
    public KeypointSchema Schema => _inner.Schema;

    /// <inheritdoc />
    public int Count => _inner.Count;

    /// <inheritdoc />
    public PoseSample this[int index] => _inner[index];

    /// <inheritdoc />
    public RgbImage LoadImage(int index)
    {
        var id = _inner[index].ImageId;
        if (_images.TryGetValue(id, out var cached))
        {
            return cached;
        }
        var image = _inner.LoadImage(index);
        if (Interlocked.Add(ref _bytes, image.Pixels.Length) > _limit || !_images.TryAdd(id, image))
        {
            Interlocked.Add(ref _bytes, -image.Pixels.Length);
        }
        return image;
    }
}
