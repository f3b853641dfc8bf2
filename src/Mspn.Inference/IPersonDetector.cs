using Mspn.Core;
using Mspn.Data;

namespace Mspn.Inference;

/// <summary>Finds the people in an image, for networks that look at one person at a time. Implementations must be safe to call from several threads.</summary>
public interface IPersonDetector : IDisposable
{
    /// <summary>Finds people.</summary>
    /// <param name="image">The image.</param>
    /// <param name="imageName">The image's file, for detectors that look it up in a list; others do not ask for it.</param>
    /// <param name="cancellation">Ends the work as soon as the detector can.</param>
    /// <returns>Valid boxes that overlap the image, the surest first; none if there is nobody.</returns>
    /// <exception cref="PoseDataException">What the detector works with does not fit the image.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    IReadOnlyList<PersonBox> Detect(RgbImage image, string? imageName = null, CancellationToken cancellation = default);
}
