using System.Numerics;
using SkiaSharp;

namespace Mspn.Data;

/// <summary>Draws the parts of a scene: a dark outline, then surfaces shaded across their axis, then details.</summary>
internal sealed class PartPainter : IDisposable
{
    private readonly SKCanvas _canvas;
    private readonly SKPaint _fill = new() { IsAntialias = true };
    private readonly SKPaint _outline = new() { IsAntialias = true, Style = SKPaintStyle.Stroke, StrokeJoin = SKStrokeJoin.Round };
    private readonly SKPath _path = new();

    /// <param name="canvas">Where to draw.</param>
    /// <param name="imageHeight">Rows of the picture, which set how thick outlines are.</param>
    public PartPainter(SKCanvas canvas, int imageHeight)
    {
        _canvas = canvas;
        _outline.StrokeWidth = 1 + imageHeight / 250f;
    }

    public void Paint(BodyPart part)
    {
        // All outlines first, so that they show only around the whole and not where surfaces join.
        foreach (var shape in part.Shapes)
        {
            Trace(shape.Outline.Corners);
            _outline.Color = Palette.Shade(shape.Material.Colour, 0.42f);
            _canvas.DrawPath(_path, _outline);
        }
        foreach (var shape in part.Shapes)
        {
            Fill(shape);
        }
        foreach (var detail in part.Details)
        {
            Trace(detail.Corners);
            _fill.Color = detail.Colour;
            _canvas.DrawPath(_path, _fill);
        }
    }

    public void Dispose()
    {
        _path.Dispose();
        _fill.Dispose();
        _outline.Dispose();
    }

    private void Fill(PartShape shape)
    {
        Trace(shape.Outline.Corners);
        var along = shape.To - shape.From;
        along = along.LengthSquared() > 1e-6f ? Vector2.Normalize(along) : Vector2.UnitY;
        var across = new Vector2(-along.Y, along.X) * MathF.Max(1, shape.Radius);
        if (across.X < 0)
        {
            across = -across; // Light comes from the left, however a limb points.
        }
        var colour = shape.Material.Colour;
        using (var shader = SKShader.CreateLinearGradient(
            Point(shape.From - across), Point(shape.From + across),
            [Palette.Shade(colour, 0.95f), Palette.Shade(colour, 1.06f), Palette.Shade(colour, 0.68f)], [0, 0.35f, 1], SKShaderTileMode.Clamp))
        {
            _fill.Color = colour;
            _fill.Shader = shader;
            _canvas.DrawPath(_path, _fill);
            _fill.Shader = null;
        }
        if (shape.Material.Pattern != Pattern.Plain)
        {
            DrawPattern(shape, along);
        }
    }

    private void DrawPattern(PartShape shape, Vector2 along)
    {
        var reach = (shape.Outline.Max - shape.Outline.Min).Length();
        var period = MathF.Max(3, 0.5f * shape.Radius);
        _canvas.Save();
        _canvas.ClipPath(_path, SKClipOperation.Intersect, true);
        _canvas.Translate(shape.From.X, shape.From.Y);
        _canvas.RotateRadians(MathF.Atan2(along.Y, along.X));
        // Translucent, so that the shading underneath keeps showing.
        _fill.Color = shape.Material.Second.WithAlpha(205);
        // Pattern lines start from the axis' origin, so that they continue across the surfaces of one garment.
        for (var offset = -MathF.Ceiling(reach / period) * period; offset < reach; offset += period)
        {
            if (shape.Material.Pattern != Pattern.AlongStripes)
            {
                _canvas.DrawRect(offset, -reach, 0.45f * period, 2 * reach, _fill);
            }
            if (shape.Material.Pattern != Pattern.AcrossStripes)
            {
                _canvas.DrawRect(-reach, offset, 2 * reach, 0.45f * period, _fill);
            }
        }
        _canvas.Restore();
    }

    private void Trace(Vector2[] corners)
    {
        _path.Rewind();
        _path.MoveTo(corners[0].X, corners[0].Y);
        for (var i = 1; i < corners.Length; i++)
        {
            _path.LineTo(corners[i].X, corners[i].Y);
        }
        _path.Close();
    }

    private static SKPoint Point(Vector2 v) => new(v.X, v.Y);
}
