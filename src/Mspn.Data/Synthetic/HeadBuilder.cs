using System.Numerics;
using SkiaSharp;

namespace Mspn.Data;

/// <summary>
/// Makes the drawn head: an ellipsoid of hair with a face on its front. Positions on it are written in skull units: on a sphere of
/// radius 1, x to the person's left, y up, z forwards.
/// </summary>
internal sealed class HeadBuilder(BodyShape shape, BodyJoints joints, Outfit outfit, FigureView view)
{
    private const int RingCorners = 24;

    // In front of the torso where depths tie.
    private const float HeadBias = 0.035f;
    private const float HairBias = 0.01f;

    private readonly Vector3 _skull = BodyJoints.SkullAxes(shape);

    // The direction to the camera among surface normals in skull units: a point p of the sphere is seen where p · towards > 0.
    private readonly Vector3 _towards = Vector3.Normalize(
        Vector3.Transform(Vector3.UnitZ, Quaternion.Inverse(joints.Head)) / BodyJoints.SkullAxes(shape));

    public IEnumerable<BodyPart> Build()
    {
        if (HairBehind() is { } hair)
        {
            yield return hair;
        }
        var shapes = new List<PartShape>();
        AddEars(shapes);
        var covering = outfit.HairStyle == HairStyle.Cap ? outfit.Cap : outfit.Hair;
        shapes.Add(Surface(Silhouette(outfit.HairStyle == HairStyle.Curly ? 1.14f : 1.03f), covering));
        yield return new BodyPart
        {
            Segment = Segment.Head, Depth = HeadDepth, Shapes = shapes, Details = [.. Face()],
        };
    }

    // At a depth of its own: from the front it is seen beside the face and behind the shoulders, from behind in front of all.
    private BodyPart? HairBehind() => outfit.HairStyle switch
    {
        HairStyle.Bob => Lock(new Vector3(0, 0, -0.2f), 0.9f, new Vector3(0, -0.75f, -0.25f), 0.75f),
        HairStyle.Long => Lock(new Vector3(0, 0, -0.2f), 0.95f, new Vector3(0, -1.65f, -0.45f), 0.65f),
        HairStyle.Ponytail => Lock(new Vector3(0, 0.35f, -1.15f), 0.3f, new Vector3(0, -0.9f, -1.55f), 0.16f),
        _ => null,
    };

    private BodyPart Lock(Vector3 start, float startRadius, Vector3 end, float endRadius)
    {
        var (head, torso) = (HeadDepth, TorsoBuilder.Depth(joints));
        return new BodyPart
        {
            Segment = Segment.Head,
            Depth = _towards.Z < 0 ? MathF.Max(head, torso) + HairBias : MathF.Min(head, torso) - HairBias,
            Shapes = [Surface(ConvexPolygon.Capsule(Project(start), startRadius * Size, Project(end), endRadius * Size), outfit.Hair)],
        };
    }

    private void AddEars(List<PartShape> shapes)
    {
        if (outfit.HairStyle is HairStyle.Bob or HairStyle.Long)
        {
            return; // Under the hair.
        }
        for (var sign = -1; sign <= 1; sign += 2)
        {
            shapes.Add(Surface(ConvexPolygon.Disc(Project(new Vector3(sign * 1.04f, -0.05f, 0)), 0.2f * Size), outfit.Skin));
        }
    }

    private IEnumerable<PartDetail> Face()
    {
        var skin = outfit.Skin.Colour;
        if (Patch(new Vector3(0, -0.32f, 0.95f), 1.12f) is { } face)
        {
            yield return new PartDetail(face, skin);
        }
        if (outfit.HairStyle == HairStyle.Cap && Patch(new Vector3(0, 0.33f, 1.02f), 0.48f, 0.25f) is { } brim)
        {
            yield return new PartDetail(brim, Palette.Shade(outfit.Cap.Colour, 0.7f));
        }
        for (var sign = -1; sign <= 1; sign += 2)
        {
            if (outfit.HairStyle is not (HairStyle.Bob or HairStyle.Long) && Patch(new Vector3(sign, -0.05f, 0), 0.2f) is { } ear)
            {
                yield return new PartDetail(ear, Palette.Shade(skin, 0.8f));
            }
            var eye = new Vector3(sign * 0.38f, 0.1f, 0.91f);
            if (Patch(eye, 0.24f) is { } white)
            {
                yield return new PartDetail(white, new SKColor(0xF4, 0xF2, 0xEE));
            }
            if (Patch(eye, 0.14f) is { } iris)
            {
                yield return new PartDetail(iris, new SKColor(0x20, 0x18, 0x16));
            }
        }
        if (Patch(new Vector3(0, -0.18f, 1), 0.15f) is { } nose)
        {
            yield return new PartDetail(nose, Palette.Shade(skin, 0.68f));
        }
        if (Patch(new Vector3(0, -0.58f, 0.85f), 0.28f, 0.35f) is { } mouth)
        {
            yield return new PartDetail(mouth, new SKColor(0x9C, 0x30, 0x34));
        }
    }

    /// <summary>What is seen of a round patch on the head, or null.</summary>
    /// <param name="centre">A direction from the middle of the head.</param>
    /// <param name="radius">Angular radius, radians.</param>
    /// <param name="flatness">Height relative to width.</param>
    private Vector2[]? Patch(Vector3 centre, float radius, float flatness = 1)
    {
        var middle = Vector3.Normalize(centre);
        var across = Vector3.Normalize(Vector3.Cross(Vector3.UnitY, middle));
        var up = Vector3.Cross(middle, across);
        var (sin, cos) = MathF.SinCos(radius);
        var rim = new Vector3[RingCorners];
        for (var i = 0; i < RingCorners; i++)
        {
            var (s, c) = MathF.SinCos(i * MathF.Tau / RingCorners);
            rim[i] = Vector3.Normalize(cos * middle + sin * (c * across + flatness * s * up));
        }
        bool Seen(int i) => Vector3.Dot(rim[i % RingCorners], _towards) > 0;
        var first = Enumerable.Range(0, RingCorners).FirstOrDefault(i => Seen(i) && !Seen(i + RingCorners - 1), -1);
        if (first < 0)
        {
            return Seen(0) ? Array.ConvertAll(rim, Project) : null;
        }
        var corners = new List<Vector3>();
        for (var i = first; Seen(i); i++)
        {
            corners.Add(rim[i % RingCorners]);
        }
        // The rest is round the corner: the visible part ends at the head's edge, on the side that the patch lies on.
        var (last, edge) = (OnEdge(corners[^1]), OnEdge(middle));
        foreach (var t in (ReadOnlySpan<float>)[0, 0.33f, 0.67f, 1])
        {
            corners.Add(Vector3.Normalize(Vector3.Lerp(last, edge, t)));
        }
        foreach (var t in (ReadOnlySpan<float>)[0.33f, 0.67f, 1])
        {
            corners.Add(Vector3.Normalize(Vector3.Lerp(edge, OnEdge(rim[first]), t)));
        }
        return [.. corners.Select(Project)];
    }

    /// <summary>The nearest direction that lies on the head's outline.</summary>
    private Vector3 OnEdge(Vector3 point) => Vector3.Normalize(point - Vector3.Dot(point, _towards) * _towards);

    /// <summary>The outline of the head, times a factor.</summary>
    private ConvexPolygon Silhouette(float factor)
    {
        var across = Vector3.Normalize(Vector3.Cross(_towards, MathF.Abs(_towards.Y) < 0.9f ? Vector3.UnitY : Vector3.UnitX));
        var up = Vector3.Cross(across, _towards);
        var corners = new Vector2[RingCorners];
        for (var i = 0; i < RingCorners; i++)
        {
            var (sin, cos) = MathF.SinCos(i * MathF.Tau / RingCorners);
            corners[i] = Project(factor * (cos * across + sin * up));
        }
        return ConvexPolygon.Around(corners);
    }

    private float HeadDepth => joints[BodyPoint.HeadCentre].Z + HeadBias;

    private float Size => _skull.X * view.Scale;

    private Vector2 Project(Vector3 point) => view.Map(joints[BodyPoint.HeadCentre] + Vector3.Transform(point * _skull, joints.Head));

    private PartShape Surface(ConvexPolygon outline, Material material) =>
        new(outline, material, view.Map(joints[BodyPoint.HeadTop]), view.Map(joints[BodyPoint.UpperNeck]), 1.2f * Size);
}
