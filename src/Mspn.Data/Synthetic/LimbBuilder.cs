using System.Numerics;

namespace Mspn.Data;

/// <summary>Makes the drawn arms and legs of a posed body.</summary>
internal sealed class LimbBuilder(BodyShape shape, BodyJoints joints, Outfit outfit, FigureView view)
{
    // Depth bias in units of stature: arms in front of the torso and legs behind the shirt where depths tie.
    private const float ArmBias = 0.045f;
    private const float LegBias = -0.045f;

    // Clothes are a little wider than what is in them.
    private const float Cloth = 1.16f;

    public IEnumerable<BodyPart> Arm(Side side)
    {
        var left = side == Side.Left;
        var shoulder = BodyPoints.On(side, BodyPoint.LeftShoulder);
        var elbow = BodyPoints.On(side, BodyPoint.LeftElbow);
        var wrist = BodyPoints.On(side, BodyPoint.LeftWrist);
        var hand = BodyPoints.On(side, BodyPoint.LeftHand);
        var (thick, middle, thin) = (0.034f * shape.Limbs, 0.027f * shape.Limbs, 0.02f * shape.Limbs);

        List<PartShape> upper = [Limb(shoulder, thick, elbow, middle, outfit.Skin, 1)];
        if (outfit.Sleeves > 0)
        {
            upper.Add(Limb(shoulder, thick * Cloth, elbow, middle * Cloth, outfit.Shirt, MathF.Min(1, outfit.Sleeves)));
        }
        yield return new BodyPart
        {
            Segment = left ? Segment.LeftUpperArm : Segment.RightUpperArm, Depth = MeanDepth(shoulder, elbow) + ArmBias, Shapes = upper,
        };

        List<PartShape> fore =
        [
            Limb(wrist, 0.9f * thin, hand, 0.026f * shape.Limbs, outfit.Skin, 1), Limb(elbow, middle, wrist, thin, outfit.Skin, 1),
        ];
        if (outfit.Sleeves > 1)
        {
            fore.Add(Limb(elbow, middle * Cloth, wrist, thin * Cloth, outfit.Shirt, outfit.Sleeves - 1));
        }
        yield return new BodyPart
        {
            Segment = left ? Segment.LeftForearm : Segment.RightForearm, Depth = MeanDepth(elbow, wrist) + ArmBias, Shapes = fore,
        };
    }

    public IEnumerable<BodyPart> Leg(Side side)
    {
        var left = side == Side.Left;
        var hip = BodyPoints.On(side, BodyPoint.LeftHip);
        var knee = BodyPoints.On(side, BodyPoint.LeftKnee);
        var ankle = BodyPoints.On(side, BodyPoint.LeftAnkle);
        var toe = BodyPoints.On(side, BodyPoint.LeftToe);
        var (thick, middle, thin) = (0.052f * shape.Limbs, 0.037f * shape.Limbs, 0.024f * shape.Limbs);
        var reach = outfit.LegWear switch { LegWear.Trousers => 1, LegWear.Shorts => outfit.Hem, _ => 0 };

        List<PartShape> thigh = [Limb(hip, thick, knee, middle, outfit.Skin, 1)];
        if (reach > 0)
        {
            thigh.Add(Limb(hip, thick * 1.06f, knee, middle * 1.1f, outfit.Legs, reach));
        }
        yield return new BodyPart
        {
            Segment = left ? Segment.LeftThigh : Segment.RightThigh, Depth = MeanDepth(hip, knee) + LegBias, Shapes = thigh,
        };

        var shoe = 0.022f;
        List<PartShape> shin = [Limb(ankle, thin, toe, 0.8f * shoe, outfit.Shoes, 1), Limb(knee, middle, ankle, thin, outfit.Skin, 1)];
        if (outfit.LegWear == LegWear.Trousers)
        {
            shin.Add(Limb(knee, middle * 1.1f, ankle, thin * 1.3f, outfit.Legs, 0.97f));
        }
        yield return new BodyPart
        {
            Segment = left ? Segment.LeftShin : Segment.RightShin, Depth = MeanDepth(knee, ankle) + LegBias, Shapes = shin,
        };
    }

    /// <summary>A skirt or the skirt of a dress, if that is worn.</summary>
    public IEnumerable<BodyPart> Skirt()
    {
        if (outfit.LegWear != LegWear.Skirt)
        {
            yield break;
        }
        var width = 0.07f * shape.Girth;
        var hem = MathF.Min(1, outfit.Hem);
        var corners = new List<Vector2>();
        var depth = float.MinValue;
        foreach (var side in (ReadOnlySpan<Side>)[Side.Left, Side.Right])
        {
            var hip = joints[BodyPoints.On(side, BodyPoint.LeftHip)];
            var knee = joints[BodyPoints.On(side, BodyPoint.LeftKnee)];
            var ankle = joints[BodyPoints.On(side, BodyPoint.LeftAnkle)];
            var onThigh = Vector3.Lerp(hip, knee, hem);
            var end = outfit.Hem <= 1 ? onThigh : Vector3.Lerp(knee, ankle, outfit.Hem - 1);
            corners.AddRange(ConvexPolygon.Disc(view.Map(hip), 0.9f * width * view.Scale).Corners);
            corners.AddRange(ConvexPolygon.Disc(view.Map(onThigh), width * view.Scale).Corners);
            corners.AddRange(ConvexPolygon.Disc(view.Map(end), width * view.Scale).Corners);
            depth = MathF.Max(depth, 0.5f * (hip.Z + onThigh.Z));
        }
        var from = view.Map(joints[BodyPoint.Pelvis]);
        var to = view.Map(0.5f * (joints[BodyPoint.LeftKnee] + joints[BodyPoint.RightKnee]));
        var surface = new PartShape(ConvexPolygon.Around([.. corners]), outfit.Legs, from, to, 1.8f * width * view.Scale);
        yield return new BodyPart { Segment = Segment.Skirt, Depth = depth + 0.03f, Shapes = [surface] };
    }

    /// <summary>The part of a limb from one joint up to a fraction of the way to another.</summary>
    private PartShape Limb(BodyPoint from, float fromRadius, BodyPoint to, float toRadius, Material material, float fraction)
    {
        var start = view.Map(joints[from]);
        var end = view.Map(Vector3.Lerp(joints[from], joints[to], fraction));
        var endRadius = float.Lerp(fromRadius, toRadius, fraction);
        var outline = ConvexPolygon.Capsule(start, fromRadius * view.Scale, end, endRadius * view.Scale);
        return new PartShape(outline, material, start, end, MathF.Max(fromRadius, endRadius) * view.Scale);
    }

    private float MeanDepth(BodyPoint a, BodyPoint b) => 0.5f * (joints[a].Z + joints[b].Z);
}
