namespace Mspn.Core;

/// <summary>Recognises stacked Hourglass networks.</summary>
internal static class HourglassRecognition
{
    // Princeton's code divides by 255 and no more. Bearpaw's then subtracts the training images' mean (data/*/mean.pth.tar), and divides by nothing.
    private static readonly PoseInput PrincetonInput = InputOf([0, 0, 0]);
    private static readonly PoseInput BearpawMpii = InputOf([0.44044283f, 0.4440267f, 0.43268284f]);
    private static readonly PoseInput BearpawCoco = InputOf([0.45660767f, 0.43688232f, 0.40614182f]);

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
        return new FoundNetwork(options, shape.Size("outs.0.conv.weight"), o => HourglassKeys.Princeton((StackedHourglassOptions)o), PrincetonInput);
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
        var keypoints = shape.Size("score.0.weight");
        var input = keypoints == KeypointSchemas.Coco17.Count ? BearpawCoco : BearpawMpii;
        return new FoundNetwork(options, keypoints, o => HourglassKeys.Bearpaw((StackedHourglassOptions)o), input);
    }

    // In both, the box is widened by a quarter.
    private static PoseInput InputOf(float[] mean) => new()
    {
        Normalization = new ImageNormalization { Order = ChannelOrder.Rgb, Mean = mean, Std = [1, 1, 1] },
        BoxScaleX = 1.25,
        BoxScaleY = 1.25,
        HeatmapPeak = 1,
    };
}
