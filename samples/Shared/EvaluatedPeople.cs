using Mspn.Core;
using Mspn.Data;
using Mspn.Inference;

namespace Mspn.Samples;

/// <summary>Annotated people and the pose that belongs to each, with a number that says how far it is off.</summary>
/// <param name="People">The annotated people.</param>
/// <param name="Poses">The pose of each; null where none was found in the image.</param>
/// <param name="Errors">How bad each is; larger is worse, and infinite where there is no pose.</param>
public sealed record EvaluatedPeople(IPoseDataset People, IReadOnlyList<Pose?> Poses, IReadOnlyList<double> Errors)
{
    private const int Cell = 320;

    private static readonly PoseRendererOptions Drawing = new() { Labels = false, FitInto = new ImageSize(Cell, Cell) };

    /// <summary>People and poses from their own boxes: errors are mean distances of labelled keypoints, as a share of the box's longer side.</summary>
    public static EvaluatedPeople Of(IPoseDataset people, IReadOnlyList<Pose> poses) => new(
        people, poses, [.. poses.Select((pose, i) => MeanDistance(people[i], pose) / Math.Max(people[i].Box.Width, people[i].Box.Height))]);

    /// <summary>The worst people, the worst first: predictions in colour, annotations in white.</summary>
    public RgbImage WorstSheet(int people = 12, int columns = 4) => ImageSheet.Compose(
        [.. Enumerable.Range(0, People.Count).OrderByDescending(i => Errors[i]).Take(people).Select(Draw)], columns, Cell, Cell);

    /// <summary>People spread evenly over the data set, drawn likewise.</summary>
    public RgbImage EvenSheet(int people = 12, int columns = 4) => ImageSheet.Compose(
        [.. Enumerable.Range(0, Math.Min(people, People.Count)).Select(i => Draw((int)((long)i * People.Count / Math.Min(people, People.Count))))], columns, Cell, Cell);

    // The person with as much around it, so that small people can be seen.
    private RgbImage Draw(int i)
    {
        var (person, image) = (People[i], People.LoadImage(i));
        var pose = Poses[i] ?? new Pose(People.Schema, [.. People.Schema.Keypoints.Select(_ => KeypointPrediction.Missing)], person.Box);
        var (left, right) = Around(person.Box.X, person.Box.Width, image.Width);
        var (top, bottom) = Around(person.Box.Y, person.Box.Height, image.Height);
        var part = new RgbImage(bottom - top, right - left);
        for (var y = 0; y < part.Height; y++)
        {
            image.Pixels.AsSpan(((top + y) * image.Width + left) * 3, part.Width * 3).CopyTo(part.Pixels.AsSpan(y * part.Width * 3));
        }
        return PoseRenderer.DrawComparison(
            part,
            pose with
            {
                Keypoints = [.. pose.Keypoints.Select(k => k with { X = k.X - left, Y = k.Y - top })],
                Box = pose.Box with { X = pose.Box.X - left, Y = pose.Box.Y - top },
            },
            person with { Keypoints = [.. person.Keypoints.Select(k => k with { X = k.X - left, Y = k.Y - top })] },
            Drawing);
    }

    private static (int From, int To) Around(double start, double length, int size) =>
        ((int)Math.Clamp(start - length / 2, 0, size - 1), (int)Math.Clamp(Math.Ceiling(start + 1.5 * length), 1, size));

    private static double MeanDistance(PoseSample person, Pose pose) => person.Keypoints.Zip(pose.Keypoints)
        .Where(p => p.First.IsLabelled)
        .Average(p => p.Second.IsFound ? Math.Sqrt(Math.Pow(p.First.X - p.Second.X, 2) + Math.Pow(p.First.Y - p.Second.Y, 2)) : double.PositiveInfinity);
}
