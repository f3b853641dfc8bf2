using System.Numerics;
using SkiaSharp;

namespace Mspn.Data;

/// <summary>Something drawn in a scene, and whose it is: a figure's index, or −1 for what belongs to nobody.</summary>
internal readonly record struct DrawnPart(BodyPart Part, int Figure);

/// <summary>
/// A picture before it is drawn: people and what is in front of them. A pure function of (options, image index) that annotations and
/// pixels are both made from, which is why they agree.
/// </summary>
internal sealed class SyntheticScene
{
    // Which of an image's independent random streams; the numbers only have to differ.
    private const long CountStream = 0x53594E01;
    private const long SceneStream = 0x53594E02;
    private const long PixelStream = 0x53594E03;

    private SyntheticScene(SKColor background, IReadOnlyList<SyntheticFigure> figures, IReadOnlyList<DrawnPart> parts)
    {
        Background = background;
        Figures = figures;
        Parts = parts;
    }

    /// <summary>The main colour of the background.</summary>
    public SKColor Background { get; }

    /// <summary>The people, in the order of their samples.</summary>
    public IReadOnlyList<SyntheticFigure> Figures { get; }

    /// <summary>All that can hide a keypoint, in drawing order.</summary>
    public IReadOnlyList<DrawnPart> Parts { get; }

    /// <summary>How many people an image shows.</summary>
    public static int FigureCount(SyntheticPeopleOptions options, int image) =>
        options.MinFiguresPerImage == options.MaxFiguresPerImage
            ? options.MinFiguresPerImage
            : options.MinFiguresPerImage + new SampleRandom(options.Seed, CountStream, image)
                .NextInt(options.MaxFiguresPerImage - options.MinFiguresPerImage + 1);

    /// <summary>The random numbers of an image's background and noise.</summary>
    public static SampleRandom PixelRandom(SyntheticPeopleOptions options, int image) => new(options.Seed, PixelStream, image);

    public static SyntheticScene Compose(SyntheticPeopleOptions options, int image)
    {
        var random = new SampleRandom(options.Seed, SceneStream, image);
        var background = Palette.Background(random);
        var figures = new SyntheticFigure[FigureCount(options, image)];
        for (var i = 0; i < figures.Length; i++)
        {
            figures[i] = SyntheticFigure.Draw(random, options, i, figures.Length, background);
        }
        var parts = new List<DrawnPart>();
        // Whoever stands lower in the picture is nearer.
        foreach (var i in Enumerable.Range(0, figures.Length).OrderBy(i => figures[i].Parts.Max(p => p.Shapes.Max(s => s.Outline.Max.Y))))
        {
            parts.AddRange(figures[i].Props.Select(part => new DrawnPart(part, -1)));
            parts.AddRange(figures[i].Parts.Select(part => new DrawnPart(part, i)));
        }
        foreach (var figure in figures)
        {
            if (random.Chance(options.OcclusionProbability))
            {
                parts.Add(new DrawnPart(Occluder(random, figure, background), -1));
            }
        }
        return new SyntheticScene(background, figures, parts);
    }

    /// <summary>An opaque thing in front of some part of a person, never of all of them.</summary>
    private static BodyPart Occluder(SampleRandom random, SyntheticFigure figure, SKColor background)
    {
        // Seldom the head, although many points lie on it.
        var below = BodyPoints.Count - (int)BodyPoint.Thorax;
        var target = figure[random.Chance(0.1) ? BodyPoint.HeadCentre : BodyPoint.Thorax + random.NextInt(below)];
        var scale = figure.View.Scale;
        var centre = target + new Vector2(random.Within(0.06), random.Within(0.06)) * scale;
        var radii = new Vector2(random.Between(0.06, 0.15), random.Between(0.06, 0.15)) * scale;
        var angle = random.Within(MathF.PI);
        var outline = random.NextInt(4) switch
        {
            0 => ConvexPolygon.Ellipse(centre, radii, angle),
            1 => ConvexPolygon.Rectangle(centre, radii, angle),
            2 => ConvexPolygon.Rectangle(centre, new Vector2(0.05f, 0.4f) * scale, random.Within(0.2)), // A post.
            _ => Polygon(random, centre, radii),
        };
        var material = new Material(Palette.Unlike(random, background), (Pattern)random.NextInt(4), Palette.Any(random));
        var shape = new PartShape(outline, material, centre - Vector2.UnitY, centre + Vector2.UnitY, radii.X);
        return new BodyPart { Segment = Segment.Other, Depth = float.MaxValue, Shapes = [shape] };
    }

    private static ConvexPolygon Polygon(SampleRandom random, Vector2 centre, Vector2 radii)
    {
        Span<Vector2> corners = stackalloc Vector2[6];
        foreach (ref var corner in corners)
        {
            var (sin, cos) = MathF.SinCos(random.Within(MathF.PI));
            corner = centre + new Vector2(cos, sin) * radii;
        }
        return ConvexPolygon.Around(corners);
    }
}
