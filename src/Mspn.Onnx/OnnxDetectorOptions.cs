using Mspn.Core;

namespace Mspn.Onnx;

/// <summary>How an <see cref="OnnxPersonDetector"/> works.</summary>
public sealed record OnnxDetectorOptions
{
    /// <summary>Boxes with a lower score are left out, from 0 to 1. Default 0.3, as in YOLOX's demonstration.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Out of this range.</exception>
    public double ScoreThreshold { get; init => field = Require.Probability(value, nameof(ScoreThreshold)); } = 0.3;

    /// <summary>Of two boxes with a larger intersection over union the surer one stays, from 0 to 1. Default 0.45, as in YOLOX's demonstration.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Out of this range.</exception>
    public double IouThreshold { get; init => field = Require.Probability(value, nameof(IouThreshold)); } = 0.45;

    /// <summary>The position of people among the model's classes, from 0. Default 0, as with COCO's classes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int PersonClass { get; init => field = Require.AtLeast(value, 0, nameof(PersonClass)); }

    /// <summary>Threads that share the work on one image. Default 0: as many as the machine has cores.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int Threads { get; init => field = Require.AtLeast(value, 0, nameof(Threads)); }

    /// <summary>The model's input size, needed for models that take any; both sides multiples of 32. Default null: the size that stands in the file.</summary>
    public ImageSize? InputSize { get; init; }

    /// <summary>What the model's boxes are measured in. Default <see cref="DetectorBoxes.Recognised"/>.</summary>
    public DetectorBoxes Boxes { get; init; }
}
