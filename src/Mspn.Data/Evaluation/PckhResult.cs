using Mspn.Core;

namespace Mspn.Data;

/// <summary>MPII's table of PCKh: joints in pairs, and a mean that leaves out pelvis and thorax. Fractions from 0 to 1.</summary>
/// <remarks>
/// <para>Published means are of two kinds, which differ by up to a percent: <see cref="WeightedMean"/> and <see cref="MeanOfJoints"/>. Never
/// compare one with the other.</para>
/// <para>The official MSPN code and SimpleBaseline's (<c>lib/dataset/mpii.py</c>) count a distance equal to the threshold as correct,
/// bearpaw's <c>eval_PCKh.py</c> does not. What the former two print as <c>Mean@0.1</c> has the threshold 0.11: the twelfth of the steps of 0.01 from
/// 0.</para>
/// <para>What nothing was counted for is not a number, and means pass over it.</para>
/// </remarks>
public sealed record PckhResult
{
    private static readonly (string Name, string[] Joints)[] Pairs =
    [
        ("head", ["head_top"]),
        ("shoulder", ["left_shoulder", "right_shoulder"]),
        ("elbow", ["left_elbow", "right_elbow"]),
        ("wrist", ["left_wrist", "right_wrist"]),
        ("hip", ["left_hip", "right_hip"]),
        ("knee", ["left_knee", "right_knee"]),
        ("ankle", ["left_ankle", "right_ankle"]),
    ];

    /// <summary>Joints that both means leave out: pelvis and thorax.</summary>
    public static IReadOnlyList<string> LeftOut { get; } = ["pelvis", "thorax"];

    /// <summary>A distance is correct up to this fraction of the head size.</summary>
    public required double Threshold { get; init; }

    /// <summary>
    /// Head, shoulder, elbow, wrist, hip, knee, ankle, in this order: the head's is that of the head top, the others are the mean of left and right. The
    /// upper neck stands in the means only.
    /// </summary>
    public required IReadOnlyList<(string Name, double Value)> Joints { get; init; }

    /// <summary>
    /// Correct joints among all that count: the mean weighted by how often each joint is labelled. Published by the official MSPN code, SimpleBaseline
    /// and HRNet.
    /// </summary>
    public required double WeightedMean { get; init; }

    /// <summary>The plain mean of the rates of the 14 joints. Published by bearpaw and others for hourglasses.</summary>
    public required double MeanOfJoints { get; init; }

    /// <summary>Arranges a result of <see cref="KeypointSchemas.Mpii16"/>.</summary>
    /// <param name="result">What a <see cref="PckEvaluator"/> with <see cref="PckNormalizer.HeadBox"/> counted; other normalisers are arranged alike.</param>
    /// <exception cref="ArgumentException">The result is one of other keypoints.</exception>
    public static PckhResult Of(PckResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var missing = KeypointSchemas.Mpii16.Keypoints.Where(name => !result.PerKeypoint.ContainsKey(name)).ToArray();
        if (missing.Length > 0 || result.PerKeypoint.Count != KeypointSchemas.Mpii16.Count)
        {
            throw new ArgumentException(
                $"MPII's table needs the {KeypointSchemas.Mpii16.Count} keypoints of {KeypointSchemas.Mpii16.Name}, given {result.PerKeypoint.Count}"
                + (missing.Length > 0 ? $", without {string.Join(", ", missing)}." : "."),
                nameof(result));
        }
        var counted = KeypointSchemas.Mpii16.Keypoints.Except(LeftOut).Where(name => result.CountPerKeypoint[name] > 0).ToArray();
        return new PckhResult
        {
            Threshold = result.Threshold,
            Joints = [.. Pairs.Select(pair => (pair.Name, Mean(pair.Joints.Where(counted.Contains).Select(name => result.PerKeypoint[name]))))],
            WeightedMean = counted.Sum(name => result.PerKeypoint[name] * result.CountPerKeypoint[name])
                / counted.Sum(name => result.CountPerKeypoint[name]),
            MeanOfJoints = Mean(counted.Select(name => result.PerKeypoint[name])),
        };
    }

    private static double Mean(IEnumerable<double> rates) => rates.DefaultIfEmpty(double.NaN).Average();
}
