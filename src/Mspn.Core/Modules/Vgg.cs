namespace Mspn.Core;

/// <summary>VGG's convolutions (Simonyan and Zisserman 2015, configurations D and E) as a stem and an encoder, as torchvision's <c>vgg16/19.features</c>.</summary>
public static class Vgg
{
    /// <summary>Convolutions in each of the five blocks of VGG-16 or VGG-19.</summary>
    /// <param name="depth">16 or 19.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is neither.</exception>
    public static IReadOnlyList<int> Blocks(int depth) => depth switch
    {
        16 => [2, 2, 3, 3, 3],
        19 => [2, 2, 4, 4, 4],
        _ => throw new ArgumentOutOfRangeException(nameof(depth), depth, "There are VGG-16 and VGG-19."),
    };

    /// <summary>The last three blocks: four levels of strides 4, 8, 16 and 32 of the image, after a <see cref="VggStem"/>.</summary>
    /// <param name="depth">16 or 19.</param>
    /// <param name="baseChannels">Channels of the first block. Default 64.</param>
    public static StageEncoder Encoder(int depth, int baseChannels = 64)
    {
        var blocks = Blocks(depth);
        ConvReluStack[] levels =
        [
            new(2 * baseChannels, Repeat(4 * baseChannels, blocks[2])),
            new(4 * baseChannels, Repeat(8 * baseChannels, blocks[3]), pool: true),
            new(8 * baseChannels, Repeat(8 * baseChannels, blocks[4]), pool: true),
            new(8 * baseChannels, [], pool: true),
        ];
        return new StageEncoder(2 * baseChannels, [.. levels.Select(level => new EncoderLevel(level, level.OutChannels))]);
    }

    internal static int[] Repeat(int channels, int count) => [.. Enumerable.Repeat(channels, count)];
}
