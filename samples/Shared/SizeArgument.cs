using System.Globalization;
using Mspn.Core;

namespace Mspn.Samples;

/// <summary>The value of <c>--size</c>.</summary>
public static class SizeArgument
{
    /// <summary>Reads height and width.</summary>
    /// <exception cref="ArgumentException">The text is something else.</exception>
    public static ImageSize Parse(string text)
    {
        var parts = text.Split('x');
        return parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var height)
                && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var width)
            ? new ImageSize(height, width)
            : throw new ArgumentException($"--size must look like 256x192 (height x width), not '{text}'.");
    }
}
