using System.Numerics;

namespace Mspn.Data;

/// <summary>
/// A body in space: where every <see cref="BodyPoint"/> is, seen by the camera. Axes: x to the image's right, y up, z towards the
/// camera; units of stature; the pelvis is the origin.
/// </summary>
/// <remarks>The person's own axes are x to their left, y up and z forwards, which coincide with the camera's when they face it.</remarks>
internal sealed class BodyJoints
{
    private readonly Vector3[] _points = new Vector3[BodyPoints.Count];

    private BodyJoints()
    {
    }

    /// <summary>Turns from the hips', chest's and head's own axes to the camera's.</summary>
    public Quaternion Pelvis { get; private init; }

    public Quaternion Chest { get; private init; }

    public Quaternion Head { get; private init; }

    public Vector3 this[BodyPoint point]
    {
        get => _points[(int)point];
        private set => _points[(int)point] = value;
    }

    /// <summary>Half axes of the skull: width, height, depth.</summary>
    public static Vector3 SkullAxes(BodyShape shape) => new Vector3(0.4f, 0.5f, 0.46f) * shape.Head;

    /// <summary>Poses a body.</summary>
    /// <param name="shape">The proportions.</param>
    /// <param name="pose">The joint angles.</param>
    /// <param name="turn">Degrees by which the person is turned to their left, away from facing the camera.</param>
    /// <param name="elevation">Degrees by which the camera looks down.</param>
    public static BodyJoints Solve(BodyShape shape, BodyPose pose, float turn, float elevation)
    {
        var pelvis = AboutX(elevation) * AboutY(turn) * AboutX(pose.PelvisPitch);
        var chest = pelvis * AboutY(pose.SpineTwist) * AboutX(pose.SpinePitch) * AboutZ(pose.SpineRoll);
        var neck = chest * AboutX(0.5f * pose.HeadPitch) * AboutZ(0.5f * pose.HeadRoll);
        var head = neck * AboutY(pose.HeadYaw) * AboutX(0.5f * pose.HeadPitch) * AboutZ(0.5f * pose.HeadRoll);
        var joints = new BodyJoints { Pelvis = pelvis, Chest = chest, Head = head };
        joints.SolveTrunk(shape, neck);
        foreach (var side in (ReadOnlySpan<Side>)[Side.Left, Side.Right])
        {
            joints.SolveArm(shape, side, pose.Arm(side));
            joints.SolveLeg(shape, side, pose.Leg(side));
        }
        return joints;
    }

    private void SolveTrunk(BodyShape shape, Quaternion neck)
    {
        this[BodyPoint.Pelvis] = Vector3.Zero;
        this[BodyPoint.Waist] = At(BodyPoint.Pelvis, Pelvis, 0, 0.4f * shape.Torso, 0);
        this[BodyPoint.NeckBase] = At(BodyPoint.Waist, Chest, 0, 0.6f * shape.Torso, 0);
        this[BodyPoint.Thorax] = At(BodyPoint.NeckBase, Chest, 0, -0.1f * shape.Torso, 0);
        this[BodyPoint.UpperNeck] = At(BodyPoint.NeckBase, neck, 0, shape.Neck + 0.1f * shape.Head, 0.1f * shape.Neck);
        this[BodyPoint.Neck] = Vector3.Lerp(this[BodyPoint.NeckBase], this[BodyPoint.UpperNeck], 0.4f);
        var skull = SkullAxes(shape);
        var centre = this[BodyPoint.HeadCentre] = At(BodyPoint.UpperNeck, Head, 0, 0.78f * skull.Y, 0.15f * skull.Z);
        Vector3 OnSkull(float x, float y, float z) => centre + Vector3.Transform(new Vector3(x, y, z) * skull, Head);
        this[BodyPoint.HeadTop] = OnSkull(0, 1, 0);
        this[BodyPoint.Nose] = OnSkull(0, -0.18f, 1.06f);
        this[BodyPoint.LeftEye] = OnSkull(0.38f, 0.1f, 0.91f);
        this[BodyPoint.RightEye] = OnSkull(-0.38f, 0.1f, 0.91f);
        this[BodyPoint.LeftEar] = OnSkull(1, 0, 0);
        this[BodyPoint.RightEar] = OnSkull(-1, 0, 0);
    }

    private void SolveArm(BodyShape shape, Side side, ArmAngles angles)
    {
        var sign = (int)side;
        var upper = Chest * AboutZ(sign * angles.Abduct) * AboutX(-angles.Flex);
        var fore = upper * AboutY(-sign * angles.Inner) * AboutX(-angles.Elbow);
        // A raised arm takes its shoulder along.
        var lift = 0.03f * Math.Clamp((angles.Abduct - 60) / 110, 0, 1);
        var shoulder = BodyPoints.On(side, BodyPoint.LeftShoulder);
        var elbow = BodyPoints.On(side, BodyPoint.LeftElbow);
        var wrist = BodyPoints.On(side, BodyPoint.LeftWrist);
        this[shoulder] = At(BodyPoint.NeckBase, Chest, sign * shape.ShoulderHalfWidth * (1 - 3 * lift), lift - 0.025f, 0);
        this[elbow] = At(shoulder, upper, 0, -shape.UpperArm, 0);
        this[wrist] = At(elbow, fore, 0, -shape.Forearm, 0);
        this[BodyPoints.On(side, BodyPoint.LeftHand)] = At(wrist, fore, 0, -shape.Hand, 0.1f * shape.Hand);
    }

    private void SolveLeg(BodyShape shape, Side side, LegAngles angles)
    {
        var sign = (int)side;
        var thigh = Pelvis * AboutZ(sign * angles.Abduct) * AboutX(-angles.Flex);
        var shin = thigh * AboutX(angles.Knee);
        var foot = shin * AboutY(sign * 12) * AboutX(angles.Ankle);
        var hip = BodyPoints.On(side, BodyPoint.LeftHip);
        var knee = BodyPoints.On(side, BodyPoint.LeftKnee);
        var ankle = BodyPoints.On(side, BodyPoint.LeftAnkle);
        this[hip] = At(BodyPoint.Pelvis, Pelvis, sign * shape.HipHalfWidth, 0, 0);
        this[knee] = At(hip, thigh, 0, -shape.Thigh, 0);
        this[ankle] = At(knee, shin, 0, -shape.Shin, 0);
        this[BodyPoints.On(side, BodyPoint.LeftToe)] = At(ankle, foot, 0, -0.7f * shape.AnkleHeight, shape.Foot);
    }

    private Vector3 At(BodyPoint from, Quaternion turn, float x, float y, float z) =>
        this[from] + Vector3.Transform(new Vector3(x, y, z), turn);

    private static Quaternion AboutX(float degrees) => Quaternion.CreateFromAxisAngle(Vector3.UnitX, float.DegreesToRadians(degrees));

    private static Quaternion AboutY(float degrees) => Quaternion.CreateFromAxisAngle(Vector3.UnitY, float.DegreesToRadians(degrees));

    private static Quaternion AboutZ(float degrees) => Quaternion.CreateFromAxisAngle(Vector3.UnitZ, float.DegreesToRadians(degrees));
}
