namespace Mspn.Core;

/// <summary>A height and a width in pixels, in the order of tensor dimensions.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public readonly record struct ImageSize(int Height, int Width)
{
    /// <summary>Width divided by height.</summary>
    public double AspectRatio => (double)Width / Height;

    /// <summary>For example <c>256×192</c> (height × width).</summary>
    public override string ToString() => $"{Height}×{Width}";
}
