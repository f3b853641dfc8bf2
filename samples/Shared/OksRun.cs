using Mspn.Core;
using Mspn.Data;
using Mspn.Inference;

namespace Mspn.Samples;

/// <summary>COCO's evaluation of a network: boxes, poses, suppression of double ones, average precision.</summary>
/// <param name="Results">The poses, as a result file has them.</param>
/// <param name="Evaluation">Their score.</param>
/// <param name="Truth">What they were scored against.</param>
public sealed record OksRun(IReadOnlyList<CocoResult> Results, CocoEvaluation Evaluation, CocoKeypointFile Truth)
{
    /// <summary>Estimates and scores.</summary>
    /// <param name="estimator">The network.</param>
    /// <param name="people">Whom to look for: annotated people, or a detector's.</param>
    /// <param name="truth">The annotation file.</param>
    /// <param name="suppressAbove">OKS above which the worse of two poses in an image is dropped; null keeps all.</param>
    /// <param name="countAbove">Keypoint score above which a keypoint counts in the person's score; null counts all, as the official MSPN code does.</param>
    /// <param name="progress">Told how many people are done.</param>
    /// <param name="cancellation">Ends the work between two batches.</param>
    public static OksRun Of(
        PoseEstimator estimator, IPoseDataset people, CocoKeypointFile truth, double? suppressAbove = null, double? countAbove = null,
        IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        var schema = people.Schema;
        var evaluator = new CocoEvaluator(schema);
        var category = truth.KeypointCategory()?.Id ?? 1;
        var results = estimator.Estimate(people, progress, cancellation).Select((pose, i) => pose.ToCocoResult(people[i].ImageId) with
        {
            CategoryId = category,
            Score = countAbove is { } least ? PoseRescoring.Score(pose.BoxScore, pose.Keypoints, least) : pose.Score,
        }).ToList();
        if (suppressAbove is { } threshold)
        {
            results = [.. results.GroupBy(r => r.ImageId).SelectMany(image => Suppress([.. image], new OksSimilarity(schema), threshold))];
        }
        var boxes = people is DetectedPeopleDataset detected
            ? $"detections of {Path.GetFileName(detected.DetectionPath)}, score at least {detected.LeastScore}"
            : "ground truth";
        return new OksRun(results, evaluator.Evaluate(truth.Images, truth.People, results, boxes), truth);
    }

    /// <summary>Each annotated person with the most similar pose in the same image; the error is 1 − OKS.</summary>
    public EvaluatedPeople Match(CocoKeypointDataset people)
    {
        var evaluator = new CocoEvaluator(people.Schema);
        var byImage = Results.ToLookup(r => r.ImageId);
        var annotations = Truth.People.ToDictionary(p => p.Id);
        var best = Enumerable.Range(0, people.Count)
            .Select(i => byImage[people[i].ImageId]
                .Select(result => (Result: result, Oks: evaluator.Similarity(annotations[people[i].Id], result)))
                .OrderByDescending(r => r.Oks).FirstOrDefault())
            .ToArray();
        return new EvaluatedPeople(
            people,
            [.. best.Select(b => b.Result is { } r ? new Pose(people.Schema, r.Keypoints, r.Box ?? default) : null)],
            [.. best.Select(b => b.Result is null ? double.PositiveInfinity : 1 - b.Oks)]);
    }

    private static IEnumerable<CocoResult> Suppress(CocoResult[] image, OksSimilarity similarity, double threshold)
    {
        var poses = image.Select(r => new ScoredPose(r.Keypoints, r.Box!.Value.Width * r.Box.Value.Height, r.Score)).ToArray();
        return OksNms.Hard(poses, similarity, threshold).Select(i => image[i]);
    }
}
