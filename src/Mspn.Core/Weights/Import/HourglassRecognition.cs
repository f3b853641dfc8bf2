namespace Mspn.Core;

/// <summary>Recognises stacked Hourglass networks.</summary>
internal static class HourglassRecognition
{
    // Both codes divide by 255 and no more; the box is widened by a quarter.
    private static readonly PoseInput Input = new()
    {
        Normalization = new ImageNormalization { Order = ChannelOrder.Rgb, Mean = [0, 0, 0], Std = [1, 1, 1] },
        BoxScaleX = 1.25,
        BoxScaleY = 1.25,
        HeatmapPeak = 1,
    };

    public static FoundNetwork Princeton(StateDictShape shape)
    {
        var channels = shape.Size("outs.0.conv.weight", 1);
        var depth = 1;
        for (var path = "hgs.0.0.low2."; shape.Has(path + "low1.conv3.conv.weight"); path += "low2.")
        {
            depth++;
        }
        var options = new StackedHourglassOptions
        {
            Stacks = shape.Count(@"outs\.(\d+)\."),
            Channels = channels,
            Depth = depth,
            Increase = shape.Size("hgs.0.0.low1.conv3.conv.weight") - channels,
            StemChannels = shape.Size("pre.3.conv3.conv.weight"),
        };
        return new FoundNetwork(options, shape.Size("outs.0.conv.weight"), o => HourglassKeys.Princeton((StackedHourglassOptions)o), Input);
    }

    public static FoundNetwork Bearpaw(StateDictShape shape)
    {
        var options = new StackedHourglassOptions
        {
            Stacks = shape.Count(@"score\.(\d+)\."),
            Channels = shape.Size("score.0.weight", 1),
            Depth = shape.Count(@"hg\.0\.hg\.(\d+)\."),
            Blocks = shape.Count(@"res\.0\.(\d+)\."),
            StemChannels = shape.Size("layer2.0.conv3.weight"),
        };
        return new FoundNetwork(options, shape.Size("score.0.weight"), o => HourglassKeys.Bearpaw((StackedHourglassOptions)o), Input);
    }
}
