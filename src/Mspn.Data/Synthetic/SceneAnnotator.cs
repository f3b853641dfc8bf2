using System.Numerics;
using Mspn.Core;

namespace Mspn.Data;

/// <summary>Works out a person's annotation from a scene, without drawing it.</summary>
internal static class SceneAnnotator
{
    // What is annotated lies at least this far inside the box, pixels.
    private const double BoxMargin = 2;

    // Cells of the grid by which the area is measured, each way.
    private const int AreaCells = 24;

    /// <summary>Canvas coordinates have pixel edges at integers, keypoints have pixel centres there.</summary>
    private const float CentreShift = 0.5f;

    public static Keypoint Locate(SyntheticScene scene, int figure, BodyPoint point, ImageSize image)
    {
        var position = scene.Figures[figure][point];
        var (x, y) = (position.X - CentreShift, position.Y - CentreShift);
        if (!(x >= 0 && y >= 0 && x <= image.Width - 1 && y <= image.Height - 1))
        {
            return default;
        }
        var visible = SelfOcclusion.FacesCamera(scene.Figures[figure], point) && !IsCovered(scene, figure, point, position);
        return new Keypoint(x, y, visible ? 2 : 1);
    }

    /// <summary>The extent of the person's silhouette inside the image and a margin of two pixels, which also stays inside.</summary>
    public static Box BoxOf(SyntheticFigure figure, ImageSize image)
    {
        var (min, max) = (new Vector2(float.MaxValue), new Vector2(float.MinValue));
        foreach (var shape in figure.Parts.SelectMany(part => part.Shapes))
        {
            min = Vector2.Min(min, shape.Outline.Min);
            max = Vector2.Max(max, shape.Outline.Max);
        }
        var (left, width) = Clip(min.X, max.X, image.Width);
        var (top, height) = Clip(min.Y, max.Y, image.Height);
        return new Box(left, top, width, height);
    }

    /// <summary>The silhouette's area inside the box, hidden or not, square pixels.</summary>
    public static double AreaOf(SyntheticFigure figure, Box box)
    {
        var covered = 0;
        for (var row = 0; row < AreaCells; row++)
        {
            for (var column = 0; column < AreaCells; column++)
            {
                var x = box.X + CentreShift + (column + 0.5) / AreaCells * box.Width;
                var y = box.Y + CentreShift + (row + 0.5) / AreaCells * box.Height;
                covered += Covers(figure, new Vector2((float)x, (float)y)) ? 1 : 0;
            }
        }
        // A person is never nothing, however thin.
        return Math.Max(1, covered) * box.Width * box.Height / (AreaCells * AreaCells);
    }

    private static (double Start, double Length) Clip(double min, double max, int size)
    {
        // Whole sixteenths, so that start + length is exact and never exceeds the image.
        static double Round(double value) => Math.Round(16 * value) / 16;
        var start = Round(Math.Clamp(min - CentreShift - BoxMargin, 0, size - 1));
        return (start, Round(Math.Clamp(max - CentreShift + BoxMargin, start + 1, size)) - start);
    }

    private static bool Covers(SyntheticFigure figure, Vector2 position)
    {
        foreach (var part in figure.Parts)
        {
            if (part.Covers(position))
            {
                return true;
            }
        }
        return false;
    }

    // Hidden by whatever is drawn there after the last part that the point itself lies on.
    private static bool IsCovered(SyntheticScene scene, int figure, BodyPoint point, Vector2 position)
    {
        var own = SelfOcclusion.Carriers(scene.Figures[figure], point);
        for (var i = scene.Parts.Count - 1; i >= 0; i--)
        {
            var (part, owner) = scene.Parts[i];
            if (owner == figure && (part.Segment & own) != 0)
            {
                return false;
            }
            if (part.Covers(position))
            {
                return true;
            }
        }
        return false;
    }
}
