using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>The heat maps of one person, read one at a time.</summary>
public readonly ref struct PersonMaps
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly bool _isDouble;
    private readonly Span<double> _buffer;

    /// <param name="heatmaps">Contiguous float32 or float64 on the CPU, <c>[N, K, h, w]</c>.</param>
    /// <param name="image">Whose maps.</param>
    /// <param name="buffer">Room for a map.</param>
    internal PersonMaps(Tensor heatmaps, int image, Span<double> buffer)
    {
        var shape = heatmaps.shape;
        (Count, Size) = ((int)shape[1], new ImageSize((int)shape[2], (int)shape[3]));
        _isDouble = heatmaps.dtype == ScalarType.Float64;
        using var own = heatmaps.select(0, image);
        // The memory stays as long as the whole tensor.
        _bytes = own.bytes;
        _buffer = buffer;
    }

    /// <summary>Number of maps, K.</summary>
    public int Count { get; }

    /// <summary>Size of each map.</summary>
    public ImageSize Size { get; }

    /// <summary>Whether the maps are stored in double precision; single otherwise.</summary>
    internal bool IsDouble => _isDouble;

    /// <summary>The values of a map, row by row. The next call overwrites them.</summary>
    /// <param name="keypoint">Its index, from 0.</param>
    public ReadOnlySpan<double> Read(int keypoint)
    {
        if (_isDouble)
        {
            return Stored<double>(keypoint);
        }
        MapValues.Widen(Stored<float>(keypoint), _buffer);
        return _buffer;
    }

    /// <summary>The values of a map as they are stored.</summary>
    internal ReadOnlySpan<T> Stored<T>(int keypoint)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(_bytes).Slice(keypoint * _buffer.Length, _buffer.Length);
}
