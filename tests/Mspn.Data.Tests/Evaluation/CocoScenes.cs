using Mspn.Core;

namespace Mspn.Data.Tests.Evaluation;

/// <summary>People whose keypoints stand on a diagonal, so that one of any size and place takes a line.</summary>
internal static class CocoScenes
{
    public static KeypointSchema Schema { get; } = new()
    {
        Name = "three",
        Keypoints = ["a", "b", "c"],
        Sigmas = [0.05, 0.05, 0.1],
    };

    public static CocoImageInfo Image(long id, double? crowdIndex = null) => new(id, null, null, crowdIndex);

    public static CocoPerson Person(long id, long image = 1, double at = 0, double size = 50, long category = 1) => new()
    {
        Id = id,
        ImageId = image,
        CategoryId = category,
        Keypoints = [new(at, at, 2), new(at + size / 2, at + size / 2, 2), new(at + size, at + size, 1)],
        LabelledKeypoints = 3,
        Box = new Box(at, at, size, size),
        Area = size * size,
    };

    public static CocoResult Found(double score, long image = 1, double at = 0, double size = 50, long category = 1) => new()
    {
        ImageId = image,
        CategoryId = category,
        Keypoints = [new(at, at, 1), new(at + size / 2, at + size / 2, 1), new(at + size, at + size, 1)],
        Score = score,
    };

    public static CocoEvaluation Evaluate(CocoPerson[] people, CocoResult[] results, CocoEvaluatorOptions? options = null) => new CocoEvaluator(Schema, options)
        .Evaluate([.. people.Select(p => p.ImageId).Concat(results.Select(r => r.ImageId)).Distinct().Select(id => Image(id))], people, results);
}
