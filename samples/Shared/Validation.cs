using Mspn.Core;
using Mspn.Data;
using Mspn.Inference;

namespace Mspn.Samples;

/// <summary>Scores a network on a data set, from the annotated boxes.</summary>
public static class Validation
{
    /// <summary>All poses, and the evaluator that has seen them.</summary>
    public static (IReadOnlyList<Pose> Poses, PckEvaluator Pck) Run(
        PoseEstimator estimator, IPoseDataset dataset, PckNormalizer normalizer = PckNormalizer.Torso, IProgress<int>? progress = null,
        CancellationToken cancellation = default)
    {
        var evaluator = new PckEvaluator(dataset.Schema, normalizer);
        var poses = new List<Pose>();
        foreach (var pose in estimator.Estimate(dataset, progress, cancellation))
        {
            evaluator.Add(dataset[poses.Count], pose.Keypoints);
            poses.Add(pose);
        }
        return (poses, evaluator);
    }
}
