using System.Numerics;

namespace Mspn.Data;

/// <summary>Which parts of a body carry a point, and whether the point is on the side that the camera sees.</summary>
internal static class SelfOcclusion
{
    // How far behind the middle of the torso a shoulder or hip may lie and still show at its contour, relative to its half width.
    private const float ContourDepth = 0.75f;

    /// <summary>The segments that a point lies on. A part drawn later hides it, unless it is another of these.</summary>
    public static Segment Carriers(SyntheticFigure figure, BodyPoint point) => point switch
    {
        <= BodyPoint.HeadCentre => Segment.Head,
        BodyPoint.UpperNeck or BodyPoint.Neck => Segment.Head | Segment.Torso,
        BodyPoint.Thorax or BodyPoint.NeckBase or BodyPoint.Waist => Segment.Torso,
        BodyPoint.Pelvis => Segment.Torso | Segment.Skirt,
        BodyPoint.LeftShoulder => Segment.LeftUpperArm | Contour(figure, point),
        BodyPoint.RightShoulder => Segment.RightUpperArm | Contour(figure, point),
        BodyPoint.LeftElbow => Segment.LeftUpperArm | Segment.LeftForearm,
        BodyPoint.RightElbow => Segment.RightUpperArm | Segment.RightForearm,
        BodyPoint.LeftWrist or BodyPoint.LeftHand => Segment.LeftForearm,
        BodyPoint.RightWrist or BodyPoint.RightHand => Segment.RightForearm,
        BodyPoint.LeftHip => Segment.LeftThigh | Contour(figure, point),
        BodyPoint.RightHip => Segment.RightThigh | Contour(figure, point),
        // Clothed joints count as visible.
        BodyPoint.LeftKnee => Segment.LeftThigh | Segment.LeftShin | Segment.Skirt,
        BodyPoint.RightKnee => Segment.RightThigh | Segment.RightShin | Segment.Skirt,
        BodyPoint.LeftAnkle or BodyPoint.LeftToe => Segment.LeftShin,
        _ => Segment.RightShin,
    };

    /// <summary>Whether a point of the face is on the near side of the head; true for all other points.</summary>
    public static bool FacesCamera(SyntheticFigure figure, BodyPoint point)
    {
        // An ear sticks out and is seen a little from behind; eyes lie flat and vanish at the edge.
        float? least = point switch
        {
            BodyPoint.Nose => 0,
            BodyPoint.LeftEye or BodyPoint.RightEye => 0.2f,
            BodyPoint.LeftEar or BodyPoint.RightEar => -0.15f,
            _ => null,
        };
        if (least is null)
        {
            return true;
        }
        var joints = figure.Joints;
        var skull = BodyJoints.SkullAxes(figure.Shape);
        var onSkull = Vector3.Transform(joints[point] - joints[BodyPoint.HeadCentre], Quaternion.Inverse(joints.Head));
        var normal = Vector3.Normalize(Vector3.Transform(onSkull / (skull * skull), joints.Head));
        return normal.Z > least;
    }

    private static Segment Contour(SyntheticFigure figure, BodyPoint point)
    {
        var (joints, shape) = (figure.Joints, figure.Shape);
        var shoulder = point is BodyPoint.LeftShoulder or BodyPoint.RightShoulder;
        var behind = joints[shoulder ? BodyPoint.NeckBase : BodyPoint.Pelvis].Z - joints[point].Z;
        var halfWidth = shoulder ? shape.ShoulderHalfWidth : shape.HipHalfWidth;
        return behind > ContourDepth * halfWidth ? Segment.Other : shoulder ? Segment.Torso : Segment.Torso | Segment.Skirt;
    }
}
