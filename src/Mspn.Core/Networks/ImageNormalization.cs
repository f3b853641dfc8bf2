namespace Mspn.Core;

/// <summary>Order of colour channels in a network's input.</summary>
public enum ChannelOrder
{
    /// <summary>Red first (mmpose, torchvision).</summary>
    Rgb,

    /// <summary>Blue first (the official MSPN code, which reads images with OpenCV).</summary>
    Bgr,
}

/// <summary>How pixels become network input: <c>(value / 255 − Mean) / Std</c>, channel by channel.</summary>
public sealed record ImageNormalization
{
    private const int Channels = 3;

    /// <summary>The official MSPN code's input: BGR, ImageNet statistics.</summary>
    public static ImageNormalization OfficialBgr { get; } = new();

    /// <summary>mmpose's and torchvision's input: RGB, the same statistics.</summary>
    public static ImageNormalization Rgb { get; } = new()
    {
        Order = ChannelOrder.Rgb,
        Mean = [0.485f, 0.456f, 0.406f],
        Std = [0.229f, 0.224f, 0.225f],
    };

    /// <summary>OpenPose's input: BGR, <c>value / 256 − 0.5</c>.</summary>
    public static ImageNormalization OpenPose { get; } = new()
    {
        Mean = [128 / 255f, 128 / 255f, 128 / 255f],
        Std = [256 / 255f, 256 / 255f, 256 / 255f],
    };

    /// <summary>Order of the channels. Default BGR.</summary>
    public ChannelOrder Order { get; init; } = ChannelOrder.Bgr;

    /// <summary>Three means in the order of <see cref="Order"/>, for values 0 to 1. Default ImageNet's.</summary>
    public IReadOnlyList<float> Mean { get; init; } = [0.406f, 0.456f, 0.485f];

    /// <summary>Three standard deviations, likewise, each above 0.</summary>
    public IReadOnlyList<float> Std { get; init; } = [0.225f, 0.224f, 0.229f];

    /// <summary>Checks the values.</summary>
    /// <returns>This normalisation.</returns>
    /// <exception cref="ArgumentException">There are not three means and three positive deviations, or one of them is not finite.</exception>
    public ImageNormalization Validated()
    {
        if (Mean.Count != Channels || !Mean.All(float.IsFinite) || Std.Count != Channels || !Std.All(s => s > 0 && float.IsFinite(s)))
        {
            throw new ArgumentException(
                $"{nameof(Mean)} needs {Channels} finite numbers and {nameof(Std)} {Channels} positive ones, not [{string.Join(", ", Mean)}] and [{string.Join(", ", Std)}].");
        }
        return this;
    }
}
