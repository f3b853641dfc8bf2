using System.Collections.Frozen;
using Mspn.Core;

namespace Mspn.Data;

/// <summary>Everything on a synthetic body that has a position. Left and right are the person's own.</summary>
internal enum BodyPoint
{
    Nose, LeftEye, RightEye, LeftEar, RightEar, HeadTop, HeadCentre, UpperNeck, Neck, Thorax, NeckBase, Waist, Pelvis,
    LeftShoulder, RightShoulder, LeftElbow, RightElbow, LeftWrist, RightWrist, LeftHand, RightHand,
    LeftHip, RightHip, LeftKnee, RightKnee, LeftAnkle, RightAnkle, LeftToe, RightToe,
}

/// <summary>Finds the body points that a schema's keypoint names stand for.</summary>
internal static class BodyPoints
{
    public const int Count = (int)BodyPoint.RightToe + 1;

    private static readonly FrozenDictionary<string, BodyPoint> ByName = new Dictionary<string, BodyPoint>
    {
        ["nose"] = BodyPoint.Nose,
        ["left_eye"] = BodyPoint.LeftEye,
        ["right_eye"] = BodyPoint.RightEye,
        ["left_ear"] = BodyPoint.LeftEar,
        ["right_ear"] = BodyPoint.RightEar,
        ["head_top"] = BodyPoint.HeadTop,
        ["top_head"] = BodyPoint.HeadTop,
        ["head"] = BodyPoint.HeadCentre,
        ["upper_neck"] = BodyPoint.UpperNeck,
        ["neck"] = BodyPoint.Neck,
        ["thorax"] = BodyPoint.Thorax,
        ["waist"] = BodyPoint.Waist,
        ["pelvis"] = BodyPoint.Pelvis,
        ["left_shoulder"] = BodyPoint.LeftShoulder,
        ["right_shoulder"] = BodyPoint.RightShoulder,
        ["left_elbow"] = BodyPoint.LeftElbow,
        ["right_elbow"] = BodyPoint.RightElbow,
        ["left_wrist"] = BodyPoint.LeftWrist,
        ["right_wrist"] = BodyPoint.RightWrist,
        ["left_hand"] = BodyPoint.LeftHand,
        ["right_hand"] = BodyPoint.RightHand,
        ["left_hip"] = BodyPoint.LeftHip,
        ["right_hip"] = BodyPoint.RightHip,
        ["left_knee"] = BodyPoint.LeftKnee,
        ["right_knee"] = BodyPoint.RightKnee,
        ["left_ankle"] = BodyPoint.LeftAnkle,
        ["right_ankle"] = BodyPoint.RightAnkle,
        ["left_toe"] = BodyPoint.LeftToe,
        ["right_toe"] = BodyPoint.RightToe,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The body points of a schema, in its order.</summary>
    /// <exception cref="ArgumentException">A keypoint has a name that no body point has.</exception>
    public static BodyPoint[] Of(KeypointSchema schema) =>
    [
        .. schema.Keypoints.Select(name => ByName.TryGetValue(name, out var point) ? point : throw new ArgumentException(
            $"Synthetic people have no keypoint called '{name}' (schema '{schema.Name}'). Known: "
            + $"{string.Join(", ", ByName.Keys.Order(StringComparer.Ordinal))}.", nameof(schema))),
    ];

    /// <summary>The point of the pair (<paramref name="left"/>, right) on that side; the enum keeps pairs adjacent.</summary>
    public static BodyPoint On(Side side, BodyPoint left) => side == Side.Left ? left : left + 1;
}

/// <summary>A side of the person's own body; the value is its sign on the axis that points to the person's left.</summary>
internal enum Side
{
    Left = 1,
    Right = -1,
}
