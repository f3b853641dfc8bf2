using Mspn.Core;
using Mspn.Data;

namespace Mspn.Training;

/// <summary>The published training of MSPN, with every figure's source. Each is for one device and computes what its source computes on eight.</summary>
/// <remarks>
/// Eight devices with 32 people each are eight accumulated batches of 32: gradients are averaged over all, and each batch normalisation sees its own 32, as in
/// the sources, which do not synchronise them. Neither source starts from random weights: fill the encoders with <see cref="ImageNetWeights"/> before the run
/// (the official code's <c>MODEL.WEIGHT</c>: those that match by name, <see cref="ImageNetStages.First"/>; mmpose's <c>init_cfg</c>: <see cref="ImageNetStages.Every"/>).
/// </remarks>
public static class TrainingRecipes
{
    private const int Devices = 8;

    /// <summary>
    /// The official code's two-stage network on COCO, <c>exps/mspn.2xstg.coco/config.py</c>: Res-50, 2 stages, 256 channels on the way up (<c>MODEL</c>); Adam with
    /// <c>BASE_LR</c> 5e-4 times 8 GPUs (<c>lib/utils/solver.py</c>), <c>WEIGHT_DECAY</c> 1e-5 on everything, 32 people a GPU (<c>IMS_PER_GPU</c>), 96,000 steps
    /// (<c>MAX_ITER</c>, meant for 8 GPUs: <c>train.py</c> multiplies it for fewer), of them 2,400 from a tenth (<c>WARMUP_ITERS</c>, <c>WARMUP_FACTOR</c>),
    /// then linearly to zero; eight hard keypoints (<c>LOSS.TOPK</c>), coarse-to-fine. From <c>dataset/attribute.py</c>: crops of 256×192, kernels 15, 11, 9, 7
    /// and 5 (<c>GAUSSIAN_KERNELS</c>), test boxes of 1.09 × 1.135 (<c>X_EXTENTION</c>, <c>Y_EXTENTION</c>), the blur of 5 in decoding, and the augmentation.
    /// </summary>
    public static TrainingRecipe OfficialCoco { get; } = new()
    {
        Name = "official-coco",
        Network = new MspnOptions(),
        Keypoints = KeypointSchemas.Coco17,
        Input = new PoseInput(),
        Target = new CoarseToFineTargetRecipe(),
        Loss = new LossRecipe(LossKind.Mspn, TopK: 8),
        Augmentation = CropAugmentation.OfficialCoco,
        Schedule = new LearningRateSchedule { BaseRate = 5e-4 * Devices, WarmupSteps = 2400, WarmupFactor = 0.1 },
        Steps = 96_000,
        BatchSize = 32,
        Accumulation = Devices,
        WeightDecay = 1e-5,
    };

    /// <summary>
    /// The official code's two-stage network on MPII, <c>exps/mspn.2xstg.mpii/config.py</c>: as <see cref="OfficialCoco"/>, but 28,800 steps (<c>MAX_ITER</c>). From
    /// <c>dataset/attribute.py</c>: crops of 256×256, test boxes of 1.25 × 1.25, a blur of 9 in decoding (<c>GAUSSIAN_KERNEL</c>), and MPII's augmentation.
    /// </summary>
    public static TrainingRecipe OfficialMpii { get; } = OfficialCoco with
    {
        Name = "official-mpii",
        Network = new MspnOptions { InputSize = new ImageSize(256, 256) },
        Keypoints = KeypointSchemas.Mpii16,
        Input = new PoseInput { BoxScaleX = 1.25, BoxScaleY = 1.25, DecodingKernel = 9 },
        Augmentation = CropAugmentation.OfficialMpii,
        Steps = 28_800,
    };

    /// <summary>
    /// mmpose's two-stage network on COCO, <c>configs/body_2d_keypoint/topdown_heatmap/coco/td-hm_2xmspn50_8xb32-210e_coco-256x192.py</c>: the same network without
    /// biases before normalisations; Adam without weight decay, <see cref="LearningRateSchedule.Mmpose"/>, 32 people (<c>batch_size</c>) on each of 8 GPUs
    /// (<c>base_batch_size</c> 256), 210 epochs (<c>max_epochs</c>); kernels 15, 11, 9, 7 and 5 in <c>MegviiHeatmap</c>'s way; a quarter of the mean squared error on
    /// coarse scales and hard keypoint mining on the finest (<c>loss</c>, its <c>topk</c> of 8 by default); the pipeline's augmentation and RGB input.
    /// </summary>
    public static TrainingRecipe MmposeCoco { get; } = OfficialCoco with
    {
        Name = "mmpose-coco",
        Network = new MspnOptions { ConvolutionBias = false },
        Input = PoseInput.Mmpose,
        Target = new CoarseToFineTargetRecipe { Convention = HeatmapConvention.Mmpose },
        Loss = new LossRecipe(LossKind.Mmpose, TopK: 8),
        Augmentation = CropAugmentation.Mmpose,
        Schedule = LearningRateSchedule.Mmpose,
        Steps = null,
        Epochs = 210,
        WeightDecay = 0,
    };

    /// <summary>All of them by name.</summary>
    public static IReadOnlyDictionary<string, TrainingRecipe> All { get; } =
        new[] { OfficialCoco, OfficialMpii, MmposeCoco }.ToDictionary(r => r.Name, StringComparer.Ordinal);
}
