using System.Numerics;

namespace Mspn.Data;

/// <summary>Makes the drawn torso: elliptic cross-sections in space and, between neighbours, the hull of their projections.</summary>
internal sealed class TorsoBuilder(BodyShape shape, BodyJoints joints, Outfit outfit, FigureView view)
{
    private const int RingCorners = 12;

    /// <summary>The depth at which a torso is drawn: its middle's.</summary>
    public static float Depth(BodyJoints joints) => 0.5f * joints[BodyPoint.NeckBase].Z;

    public BodyPart Build()
    {
        var shoulder = shape.ShoulderHalfWidth;
        var girth = shape.Girth;
        var neckBase = joints[BodyPoint.NeckBase];
        var collar = Ring(neckBase, joints.Chest, 0.004f, 0.032f * shape.Limbs, 0.034f * shape.Limbs);
        var top = Ring(neckBase, joints.Chest, -0.03f, 1.1f * shoulder, 0.045f * girth);
        var chest = Ring(neckBase, joints.Chest, -0.095f, 0.092f * girth, 0.066f * girth);
        var waist = Ring(joints[BodyPoint.Waist], joints.Pelvis, 0, 0.08f * girth, 0.058f * girth);
        var hips = Ring(joints[BodyPoint.Pelvis], joints.Pelvis, 0.03f, 0.094f * girth, 0.066f * girth);
        var seat = Ring(joints[BodyPoint.Pelvis], joints.Pelvis, -0.015f, 0.09f * girth, 0.064f * girth);
        var crotch = Ring(joints[BodyPoint.Pelvis], joints.Pelvis, -0.045f, 0.05f * girth, 0.045f * girth);

        var from = view.Map(neckBase);
        var to = view.Map(joints[BodyPoint.Pelvis]);
        PartShape Between(Vector2[] a, Vector2[] b, Material material) =>
            new(ConvexPolygon.Around([.. a, .. b]), material, from, to, 0.11f * girth * view.Scale);
        var upperNeck = view.Map(joints[BodyPoint.UpperNeck]);
        var neckRadius = 0.031f * shape.Limbs * view.Scale;
        return new BodyPart
        {
            Segment = Segment.Torso,
            Depth = Depth(joints),
            Shapes =
            [
                new PartShape(ConvexPolygon.Capsule(from, neckRadius, upperNeck, neckRadius), outfit.Skin, from, upperNeck, neckRadius),
                Between(hips, seat, outfit.Legs),
                Between(seat, crotch, outfit.Legs),
                Between(collar, top, outfit.Shirt),
                Between(top, chest, outfit.Shirt),
                Between(chest, waist, outfit.Shirt),
                Between(waist, hips, outfit.Shirt),
            ],
        };
    }

    private Vector2[] Ring(Vector3 centre, Quaternion turn, float height, float halfWidth, float halfDepth)
    {
        var corners = new Vector2[RingCorners];
        for (var i = 0; i < RingCorners; i++)
        {
            var (sin, cos) = MathF.SinCos(i * MathF.Tau / RingCorners);
            corners[i] = view.Map(centre + Vector3.Transform(new Vector3(cos * halfWidth, height, sin * halfDepth), turn));
        }
        return corners;
    }
}
