using Mspn.Core;

namespace Mspn.Data.Tests.Loading;

/// <summary>Counts image loads and lets a test act on them.</summary>
internal sealed class WatchedDataset(IPoseDataset inner, Action<int>? onLoad = null) : IPoseDataset
{
    private int _loads;
    private int _active;

    public int Loads => Volatile.Read(ref _loads);

    public int Active => Volatile.Read(ref _active);

    public KeypointSchema Schema => inner.Schema;

    public int Count => inner.Count;

    public PoseSample this[int index] => inner[index];

    public RgbImage LoadImage(int index)
    {
        Interlocked.Increment(ref _loads);
        Interlocked.Increment(ref _active);
        try
        {
            onLoad?.Invoke(index);
            return inner.LoadImage(index);
        }
        finally
        {
            Interlocked.Decrement(ref _active);
        }
    }
}
