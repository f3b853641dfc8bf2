using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Mspn.Core;

namespace Mspn.Data;

/// <summary>The rows of a crop, one at a time, in OpenCV's fixed-point bilinear arithmetic. Rents its buffers; dispose it.</summary>
/// <remarks>
/// Eight pixels at a time where the processor has AVX2 and the four neighbours of all eight lie in the image, or all eight lie outside; one at a
/// time otherwise. Sums are whole numbers, so both ways give the same bytes.
/// </remarks>
internal readonly ref struct WarpRows : IDisposable
{
    private const int CoordinateBits = 10;
    private const int FractionBits = 5;
    private const int One = 1 << FractionBits;
    private const int Rounding = 1 << (2 * FractionBits - 1);
    private const double Scale = 1 << CoordinateBits;
    private const int Half = 1 << (CoordinateBits - FractionBits - 1);
    private const int Lanes = 8;

    // The last store of a row writes this many bytes too many.
    private const int Overrun = 4;

    private readonly RgbImage _image;
    private readonly AffineTransform _toImage;
    private readonly bool _mirrored;
    private readonly int _width;
    private readonly int[] _columns;
    private readonly byte[] _row;

    /// <param name="image">The source.</param>
    /// <param name="toCrop">Maps source pixels to crop pixels (of the mirrored source if <paramref name="mirrored"/>).</param>
    /// <param name="width">Width of the crop.</param>
    /// <param name="mirrored">Whether the source is read from right to left.</param>
    public WarpRows(RgbImage image, AffineTransform toCrop, int width, bool mirrored)
    {
        _image = image;
        _toImage = toCrop.Inverse();
        _mirrored = mirrored;
        _width = width;
        _columns = ArrayPool<int>.Shared.Rent(2 * width);
        _row = ArrayPool<byte>.Shared.Rent(3 * width + Overrun);
        for (var x = 0; x < width; x++)
        {
            _columns[x] = RoundToInt(_toImage.A * x * Scale);
            _columns[width + x] = RoundToInt(_toImage.D * x * Scale);
        }
    }

    /// <summary>A row of the crop: <c>[W, 3]</c> bytes, R first. It is overwritten by the next call.</summary>
    public ReadOnlySpan<byte> Read(int y)
    {
        var rowX = RoundToInt((_toImage.B * y + _toImage.C) * Scale) + Half;
        var rowY = RoundToInt((_toImage.E * y + _toImage.F) * Scale) + Half;
        var x = Avx2.IsSupported ? ReadEights(rowX, rowY) : 0;
        ReadSingly(x, _width, rowX, rowY);
        return _row.AsSpan(0, 3 * _width);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(_columns);
        ArrayPool<byte>.Shared.Return(_row);
    }

    // Returns how many pixels it has written.
    private unsafe int ReadEights(int rowX, int rowY)
    {
        var (startX, startY) = (Vector256.Create(rowX), Vector256.Create(rowY));
        var (lastX, lastY) = (Vector256.Create((uint)Math.Max(0, _image.Width - 1)), Vector256.Create((uint)Math.Max(0, _image.Height - 1)));
        var (width, height) = (Vector256.Create((uint)_image.Width), Vector256.Create((uint)_image.Height));
        var fraction = Vector256.Create(One - 1);
        ref var columnX = ref MemoryMarshal.GetArrayDataReference(_columns);
        ref var columnY = ref Unsafe.Add(ref columnX, _width);
        ref var target = ref MemoryMarshal.GetArrayDataReference(_row);
        fixed (byte* pixels = _image.Pixels)
        {
            var x = 0;
            for (; x <= _width - Lanes; x += Lanes)
            {
                var fixedX = (startX + Vector256.LoadUnsafe(ref columnX, (nuint)x)) >> (CoordinateBits - FractionBits);
                var fixedY = (startY + Vector256.LoadUnsafe(ref columnY, (nuint)x)) >> (CoordinateBits - FractionBits);
                var (left, top) = (fixedX >> FractionBits, fixedY >> FractionBits);
                // Signed comparisons would need two each: a negative coordinate is a large unsigned one.
                var inside = Vector256.LessThan(left.AsUInt32(), lastX) & Vector256.LessThan(top.AsUInt32(), lastY);
                if (Vector256.EqualsAll(inside, Vector256<uint>.AllBitsSet))
                {
                    var bytes = Blend(pixels, left, top, fixedX & fraction, fixedY & fraction);
                    bytes.GetLower().StoreUnsafe(ref target, (nuint)(3 * x));
                    bytes.GetUpper().StoreUnsafe(ref target, (nuint)(3 * x + 12));
                    continue;
                }
                var touching = Vector256.LessThanOrEqual((left + Vector256<int>.One).AsUInt32(), width)
                    & Vector256.LessThanOrEqual((top + Vector256<int>.One).AsUInt32(), height);
                if (touching == Vector256<uint>.Zero)
                {
                    _row.AsSpan(3 * x, 3 * Lanes).Clear();
                }
                else
                {
                    ReadSingly(x, x + Lanes, rowX, rowY);
                }
            }
            return x;
        }
    }

    // Twelve bytes in each half: four pixels.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private unsafe Vector256<byte> Blend(byte* pixels, Vector256<int> left, Vector256<int> top, Vector256<int> a, Vector256<int> b)
    {
        var one = Vector256.Create(One);
        if (_mirrored)
        {
            left = Vector256.Create(_image.Width - 2) - left;
            a = one - a;
        }
        var stride = Vector256.Create(3 * _image.Width);
        var above = top * stride + left + left + left;
        var below = above + stride;
        // Four bytes from a pixel on, and four that end with its right neighbour, so that nothing beyond the image is read.
        var two = Vector256.Create(2);
        var (above0, above1) = (Gather(pixels, above), Gather(pixels, above + two));
        var (below0, below1) = (Gather(pixels, below), Gather(pixels, below + two));
        var across = ((one - a) | (a << 16)).AsInt16();
        var down = ((one - b) | (b << 16)).AsInt16();
        var low = Vector256.Create(0xFF);
        var high = Vector256.Create(0xFF0000);
        var red = Sum((above0 & low) | ((above1 << 8) & high), (below0 & low) | ((below1 << 8) & high), across, down);
        var green = Sum(((above0 >>> 8) & low) | (above1 & high), ((below0 >>> 8) & low) | (below1 & high), across, down);
        var blue = Sum(
            ((above0 >>> 16) & low) | ((above1 >>> 8) & high), ((below0 >>> 16) & low) | ((below1 >>> 8) & high), across, down);
        var packed = (red | (green << 8) | (blue << 16)).AsByte();
        return Avx2.Shuffle(packed, Vector256.Create(
            (byte)0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 255, 255, 255, 255, 0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 255, 255, 255, 255));
    }

    private static unsafe Vector256<int> Gather(byte* pixels, Vector256<int> offsets) => Avx2.GatherVector256((int*)pixels, offsets, 1);

    // Pairs of left and right, weighted, make pairs of above and below, weighted. All sums fit: 255 times 32 into 16 bits, 32 times that into 32.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Sum(Vector256<int> above, Vector256<int> below, Vector256<short> across, Vector256<short> down)
    {
        var pairs = Avx2.MultiplyAddAdjacent(above.AsInt16(), across) | (Avx2.MultiplyAddAdjacent(below.AsInt16(), across) << 16);
        return (Avx2.MultiplyAddAdjacent(pairs.AsInt16(), down) + Vector256.Create(Rounding)) >> (2 * FractionBits);
    }

    private void ReadSingly(int from, int to, int rowX, int rowY)
    {
        for (var x = from; x < to; x++)
        {
            var fixedX = (rowX + _columns[x]) >> (CoordinateBits - FractionBits);
            var fixedY = (rowY + _columns[_width + x]) >> (CoordinateBits - FractionBits);
            Sample(fixedX, fixedY, _row.AsSpan(3 * x, 3));
        }
    }

    private void Sample(int fixedX, int fixedY, Span<byte> target)
    {
        var (x, y) = (fixedX >> FractionBits, fixedY >> FractionBits);
        var (a, b) = (fixedX & (One - 1), fixedY & (One - 1));
        var (width, height) = (_image.Width, _image.Height);
        if (x < -1 || y < -1 || x >= width || y >= height)
        {
            target.Clear();
            return;
        }
        var pixels = _image.Pixels;
        var (left, right) = _mirrored ? (width - 1 - x, width - 2 - x) : (x, x + 1);
        var (leftIn, rightIn) = (x >= 0, x + 1 < width);
        var (topIn, bottomIn) = (y >= 0, y + 1 < height);
        var w00 = leftIn && topIn ? (One - a) * (One - b) : 0;
        var w01 = rightIn && topIn ? a * (One - b) : 0;
        var w10 = leftIn && bottomIn ? (One - a) * b : 0;
        var w11 = rightIn && bottomIn ? a * b : 0;
        // Pixels outside have weight 0; their index only has to be valid.
        var top = topIn ? y * width : 0;
        var bottom = bottomIn ? (y + 1) * width : 0;
        left = leftIn ? left : 0;
        right = rightIn ? right : 0;
        var (p00, p01, p10, p11) = ((top + left) * 3, (top + right) * 3, (bottom + left) * 3, (bottom + right) * 3);
        for (var c = 0; c < 3; c++)
        {
            var sum = w00 * pixels[p00 + c] + w01 * pixels[p01 + c] + w10 * pixels[p10 + c] + w11 * pixels[p11 + c];
            target[c] = (byte)((sum + Rounding) >> (2 * FractionBits));
        }
    }

    // Saturates, as OpenCV does, instead of wrapping for crops of absurd regions.
    private static int RoundToInt(double value) => (int)Math.Clamp(Math.Round(value), -(1 << 29), 1 << 29);
}
