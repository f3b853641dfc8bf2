#!/usr/bin/env dotnet
#:property PublishAot=false
#:package SkiaSharp
#:package SkiaSharp.NativeAssets.Linux.NoDependencies

// Draws the packages' icon, icon.png: a figure whose keypoints glow as they do in heat maps.
using SkiaSharp;

const int Side = 256;

SKPoint head = new(128, 51), neck = new(128, 86), pelvis = new(124, 142);
SKPoint leftElbow = new(87, 85), leftWrist = new(52, 52), rightElbow = new(168, 92), rightWrist = new(207, 61);
SKPoint leftKnee = new(93, 170), leftAnkle = new(69, 213), rightKnee = new(159, 171), rightAnkle = new(169, 217);
SKPoint[][] limbs =
[
    [neck, leftElbow, leftWrist],
    [neck, rightElbow, rightWrist],
    [neck, pelvis],
    [pelvis, leftKnee, leftAnkle],
    [pelvis, rightKnee, rightAnkle],
];
SKPoint[] keypoints = [head, .. limbs.SelectMany(limb => limb).Distinct()];

using var surface = SKSurface.Create(new SKImageInfo(Side, Side, SKColorType.Rgba8888, SKAlphaType.Premul));
var canvas = surface.Canvas;
canvas.Clear(SKColors.Transparent);
canvas.ClipRoundRect(new SKRoundRect(new SKRect(0, 0, Side, Side), 52), antialias: true);

using (var ground = new SKPaint { Shader = SKShader.CreateLinearGradient(new(0, 0), new(0, Side), [new(0x24, 0x12, 0x4A), new(0x0B, 0x08, 0x22)], SKShaderTileMode.Clamp) })
{
    canvas.DrawPaint(ground);
}

// Light adds up where two keypoints are near each other, as heat does.
foreach (var point in keypoints)
{
    using var heat = new SKPaint
    {
        BlendMode = SKBlendMode.Plus,
        Shader = SKShader.CreateRadialGradient(
            point, 42, [new(0xFF, 0x9A, 0x1F, 0xB0), new(0xF0, 0x3C, 0x5A, 0x70), new(0x8A, 0x2B, 0xD8, 0x38), new(0x8A, 0x2B, 0xD8, 0)], [0, 0.3f, 0.65f, 1], SKShaderTileMode.Clamp),
    };
    canvas.DrawCircle(point, 42, heat);
}

using var bone = new SKPaint { Color = new(0xFF, 0xF4, 0xDE), Style = SKPaintStyle.Stroke, StrokeWidth = 11, StrokeCap = SKStrokeCap.Round, StrokeJoin = SKStrokeJoin.Round, IsAntialias = true };
foreach (var limb in limbs)
{
    using var path = new SKPath();
    path.AddPoly(limb, close: false);
    canvas.DrawPath(path, bone);
}
using var fill = new SKPaint { IsAntialias = true, Color = new(0xFF, 0xF4, 0xDE) };
canvas.DrawCircle(head, 19, fill);
fill.Color = new(0xFF, 0xB0, 0x2E);
foreach (var point in keypoints.Skip(1))
{
    canvas.DrawCircle(point, 8.5f, fill);
}

using var image = surface.Snapshot();
using var png = image.Encode(SKEncodedImageFormat.Png, 100);
var file = args.FirstOrDefault() ?? "assets/icon.png";
File.WriteAllBytes(file, png.ToArray());
Console.WriteLine($"Wrote {file}.");
