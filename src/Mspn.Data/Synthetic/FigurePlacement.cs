using System.Numerics;

namespace Mspn.Data;

/// <summary>Decides how large a posed body is and where in the image it stands.</summary>
internal static class FigurePlacement
{
    // Room for what is drawn around the joints, units of stature.
    private const float Margin = 0.05f;

    private const double MinShareInside = 0.6;

    /// <inheritdoc cref="SyntheticFigure.Draw" />
    public static FigureView Draw(SampleRandom random, SyntheticPeopleOptions options, BodyJoints joints, int slot, int slots)
    {
        var image = new Vector2(options.ImageSize.Width, options.ImageSize.Height);
        var angle = float.DegreesToRadians((random.Within(1) + random.Within(1)) / 2 * (float)options.MaxRotation);
        var (min, max) = Extent(joints, new FigureView(1, angle, Vector2.Zero));
        var size = max - min;

        // People crowd together less than they shrink, so that neighbours overlap now and then. Crouching ones are drawn larger.
        var height = random.Between(options.MinFigureHeight, options.MaxFigureHeight) * CrowdFactor(slots);
        var scale = height * image.Y * MathF.Pow(MathF.Min(1, size.Y), -0.4f);
        scale = MathF.Min(scale, 0.98f * MathF.Min(image.X / size.X, image.Y / size.Y));

        var slack = image - scale * size;
        var corner = new Vector2(random.Between(0, slack.X), random.Between(0, slack.Y));
        if (slots > 1)
        {
            var centre = (slot + 0.5f + random.Within(0.2)) * image.X / slots;
            corner.X = Math.Clamp(centre - 0.5f * scale * size.X, 0, slack.X);
        }
        var view = new FigureView(scale, angle, corner - scale * min);
        return random.Chance(options.TruncationProbability) ? CutOff(random, view, joints, image) : view;
    }

    /// <summary>How much smaller people are who share an image with others.</summary>
    public static float CrowdFactor(int people) => MathF.Pow(people, -0.4f);

    /// <summary>Moves a figure over one edge of the image.</summary>
    private static FigureView CutOff(SampleRandom random, FigureView view, BodyJoints joints, Vector2 image)
    {
        var (min, max) = Extent(joints, view);
        var size = max - min;
        var part = random.Between(0.08, 0.35);
        var shift = random.NextInt(4) switch
        {
            0 => new Vector2(-min.X - part * size.X, 0),
            1 => new Vector2(image.X - max.X + part * size.X, 0),
            2 => new Vector2(0, -min.Y - part * size.Y),
            _ => new Vector2(0, image.Y - max.Y + part * size.Y),
        };
        for (var i = 0; i < 8; i++)
        {
            var moved = view with { Origin = view.Origin + shift };
            if (ShareInside(joints, moved, image) >= MinShareInside)
            {
                return moved;
            }
            shift *= 0.7f;
        }
        return view;
    }

    private static double ShareInside(BodyJoints joints, FigureView view, Vector2 image)
    {
        var inside = 0;
        for (var i = 0; i < BodyPoints.Count; i++)
        {
            var point = view.Map(joints[(BodyPoint)i]);
            // From the first pixel's centre to the last one's, as annotations count it.
            inside += point.X >= 0.5f && point.Y >= 0.5f && point.X <= image.X - 0.5f && point.Y <= image.Y - 0.5f ? 1 : 0;
        }
        return (double)inside / BodyPoints.Count;
    }

    private static (Vector2 Min, Vector2 Max) Extent(BodyJoints joints, FigureView view)
    {
        var (min, max) = (new Vector2(float.MaxValue), new Vector2(float.MinValue));
        for (var i = 0; i < BodyPoints.Count; i++)
        {
            var point = view.Map(joints[(BodyPoint)i]);
            min = Vector2.Min(min, point);
            max = Vector2.Max(max, point);
        }
        var margin = new Vector2(Margin * view.Scale);
        return (min - margin, max + margin);
    }
}
