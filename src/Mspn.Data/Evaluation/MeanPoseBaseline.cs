using Mspn.Core;

namespace Mspn.Data;

/// <summary>
/// The simplest predictor there is: every keypoint at its mean place within the person's box. A network that does not beat it has learned
/// nothing.
/// </summary>
public sealed class MeanPoseBaseline
{
    private readonly (double X, double Y)[] _means;

    private MeanPoseBaseline((double, double)[] means) => _means = means;

    /// <summary>
    /// Learns the means from annotations; images are not read. Keypoints that are not labelled do not count, and one that never is comes to lie in the middle.
    /// </summary>
    /// <param name="dataset">The people.</param>
    public static MeanPoseBaseline Fit(IPoseDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var sums = new (double X, double Y, int N)[dataset.Schema.Count];
        for (var i = 0; i < dataset.Count; i++)
        {
            var sample = dataset[i];
            var (box, keypoints) = (sample.Box, sample.Keypoints);
            for (var k = 0; k < sums.Length; k++)
            {
                if (keypoints[k].IsLabelled)
                {
                    var (x, y) = ((keypoints[k].X - box.X) / box.Width, (keypoints[k].Y - box.Y) / box.Height);
                    sums[k] = (sums[k].X + x, sums[k].Y + y, sums[k].N + 1);
                }
            }
        }
        return new MeanPoseBaseline([.. sums.Select(s => s.N == 0 ? (0.5, 0.5) : (s.X / s.N, s.Y / s.N))]);
    }

    /// <summary>The mean pose in a box, in image pixels; all scores are 0.</summary>
    public KeypointPrediction[] Predict(Box box) =>
        [.. _means.Select(m => new KeypointPrediction(box.X + m.X * box.Width, box.Y + m.Y * box.Height, 0))];
}
