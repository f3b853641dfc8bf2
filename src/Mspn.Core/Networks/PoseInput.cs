namespace Mspn.Core;

/// <summary>
/// What a trained network expects around it. It is stored with the weights, so that whoever loads them prepares images as training did.
/// </summary>
public sealed record PoseInput
{
    private const int LargestKernel = 99;

    /// <summary>OpenPose's: its normalisation, whole images at half of 368 pixels' height, a peak of 1, and boxes as they are.</summary>
    public static PoseInput OpenPose { get; } = new()
    {
        Normalization = ImageNormalization.OpenPose,
        BoxScaleX = 1,
        BoxScaleY = 1,
        HeatmapPeak = 1,
        WholeImage = new WholeImageOptions(),
    };

    /// <summary>mmpose's for its top-down configurations: RGB, boxes ×1.25.</summary>
    public static PoseInput Mmpose { get; } = new()
    {
        Normalization = ImageNormalization.Rgb,
        BoxScaleX = 1.25,
        BoxScaleY = 1.25,
        Decoding = HeatmapDecoding.Mmpose,
    };

    /// <summary>How pixels become input. Default: the official code's BGR.</summary>
    public ImageNormalization Normalization { get; init; } = ImageNormalization.OfficialBgr;

    /// <summary>Factor on a person box's width before it is cropped. Default 1.09, the official COCO test crop.</summary>
    public double BoxScaleX { get; init; } = 1.09;

    /// <summary>Factor on a person box's height. Default 1.135, the official COCO test crop.</summary>
    public double BoxScaleY { get; init; } = 1.135;

    /// <summary>Height of the targets' peak. Default 255.</summary>
    public double HeatmapPeak { get; init; } = 255;

    /// <summary>
    /// Radius of the targets' disks in heat-map cells, for networks with <see cref="PoseExtra.Offsets"/>. Default
    /// <see cref="HoughVotingDecoder.PaperRadius"/>.
    /// </summary>
    public double OffsetRadius { get; init; } = HoughVotingDecoder.PaperRadius;

    /// <summary>How heat maps of crops are read. Default null: as the network's own code does (<see cref="IPoseNetwork.CreateDecoder"/>).</summary>
    public HeatmapDecoding? Decoding { get; init; }

    /// <summary>Size of the blur before that, odd, for decodings that blur. Default null: the decoder's default.</summary>
    public int? DecodingKernel { get; init; }

    /// <summary>How whole images become input of a bottom-up network. Default null: images are cropped to boxes.</summary>
    public WholeImageOptions? WholeImage { get; init; }

    /// <summary>Checks the values.</summary>
    /// <returns>This input.</returns>
    /// <exception cref="ArgumentException">One is out of range; the message names it.</exception>
    public PoseInput Validated()
    {
        Normalization.Validated();
        Require.Positive(BoxScaleX);
        Require.Positive(BoxScaleY);
        Require.Positive(HeatmapPeak);
        Require.Positive(OffsetRadius);
        if (DecodingKernel is { } kernel && (kernel < 1 || kernel % 2 == 0 || kernel > LargestKernel))
        {
            throw new ArgumentOutOfRangeException(nameof(DecodingKernel), kernel, $"Must be odd, from 1 to {LargestKernel}.");
        }
        WholeImage?.Validated();
        return this;
    }

    /// <summary>What reads heat maps of crops.</summary>
    /// <param name="usual">How, where <see cref="Decoding"/> does not say.</param>
    public HeatmapDecoder CreateHeatmapDecoder(HeatmapDecoding usual = HeatmapDecoding.Official) => (Decoding ?? usual) switch
    {
        HeatmapDecoding.Official => new OfficialHeatmapDecoder { Peak = HeatmapPeak, Kernel = DecodingKernel ?? OfficialHeatmapDecoder.DefaultKernel },
        HeatmapDecoding.Mmpose => new MmposeHeatmapDecoder { Peak = HeatmapPeak, Kernel = DecodingKernel ?? MmposeHeatmapDecoder.DefaultKernel },
        HeatmapDecoding.SimpleBaseline => new SimpleBaselineHeatmapDecoder { Peak = HeatmapPeak },
        HeatmapDecoding.Msra => new MsraHeatmapDecoder { Peak = HeatmapPeak },
        HeatmapDecoding.Dark => new DarkHeatmapDecoder { Peak = HeatmapPeak, Kernel = DecodingKernel ?? DarkHeatmapDecoder.DefaultKernel },
        var other => throw new InvalidOperationException($"There is no decoding {other}."),
    };
}
