using Mspn.Core;
using Mspn.Data;

namespace Mspn.Inference;

/// <summary>Poses of the people whom a detector finds.</summary>
public static class DetectedPoses
{
    /// <summary>Finds people, then the pose of each.</summary>
    /// <param name="estimator">What finds poses.</param>
    /// <param name="image">The whole image.</param>
    /// <param name="detector">What finds people.</param>
    /// <param name="imageName">The image's file, for detectors that look it up in a list.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>A pose for each box, in the detector's order, with the box's score; none if there is nobody.</returns>
    /// <exception cref="PoseDataException">The detector cannot tell of this image.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static IReadOnlyList<Pose> Estimate(
        this PoseEstimator estimator, RgbImage image, IPersonDetector detector, string? imageName = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(detector);
        return Estimate(estimator, image, detector.Detect(image, imageName, cancellation), cancellation);
    }

    /// <summary>The poses of detected people.</summary>
    /// <param name="estimator">What finds poses.</param>
    /// <param name="image">The whole image.</param>
    /// <param name="people">Their boxes and scores.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>A pose for each box, in their order, with the box's score.</returns>
    /// <exception cref="ArgumentException">A box is empty or outside the image.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static IReadOnlyList<Pose> Estimate(
        this PoseEstimator estimator, RgbImage image, IReadOnlyList<PersonBox> people, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(estimator);
        ArgumentNullException.ThrowIfNull(people);
        var poses = estimator.Estimate(image, [.. people.Select(person => person.Box)], cancellation);
        return [.. poses.Zip(people, (pose, person) => pose with { BoxScore = person.Score })];
    }
}
