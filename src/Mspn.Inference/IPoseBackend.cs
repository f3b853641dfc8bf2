using Mspn.Core;
using Mspn.Data;

namespace Mspn.Inference;

/// <summary>
/// What runs a model for a <see cref="PoseEstimator"/>: crops in, people in pixels of the crops out. Boxes, batches and the way back to image pixels are the
/// estimator's business.
/// </summary>
/// <remarks>Implementations are safe to use from several threads at once.</remarks>
public interface IPoseBackend : IDisposable
{
    /// <summary>The keypoints it finds.</summary>
    KeypointSchema Keypoints { get; }

    /// <summary>How images are prepared for it; of this the estimator uses how boxes are scaled.</summary>
    PoseInput Input { get; }

    /// <summary>Size of the crops.</summary>
    ImageSize CropSize { get; }

    /// <summary>Finds the people of crops, all of them at once.</summary>
    /// <param name="crops">At least one.</param>
    /// <param name="cancellation">May end the work before it is done.</param>
    /// <returns>For each crop its people, the surest first, with keypoints in pixels of the crop.</returns>
    IReadOnlyList<IReadOnlyList<PersonPrediction>> ReadCrops(IReadOnlyList<PoseCrop> crops, CancellationToken cancellation);

    /// <summary>Finds everybody in an image. Default: null, no whole images; they are then read as the crop of one person.</summary>
    /// <param name="image">The image.</param>
    /// <param name="cancellation">May end the work before it is done.</param>
    /// <returns>The people, the surest first, with keypoints in pixels of the image.</returns>
    IReadOnlyList<PersonPrediction>? ReadWhole(RgbImage image, CancellationToken cancellation) => null;
}
