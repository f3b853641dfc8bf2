using Mspn.Core;

namespace Mspn.Data;

/// <summary>A crop region on its way through mmpose's arithmetic: everything in single precision, sides in pixels.</summary>
internal readonly record struct MmposeRegion(float CenterX, float CenterY, float Width, float Height, float RotationDegrees = 0)
{
    /// <summary>The region of a box, cut at the centres of the image's outermost pixels as mmpose's data sets cut it.</summary>
    public static MmposeRegion OfBox(Box box, ImageSize image, double scale)
    {
        var (left, right) = ((float)Math.Clamp(box.X, 0, image.Width - 1), (float)Math.Clamp(box.X + box.Width, 0, image.Width - 1));
        var (top, bottom) = ((float)Math.Clamp(box.Y, 0, image.Height - 1), (float)Math.Clamp(box.Y + box.Height, 0, image.Height - 1));
        return new MmposeRegion((right + left) * 0.5f, (bottom + top) * 0.5f, (right - left) * (float)scale, (bottom - top) * (float)scale);
    }

    /// <summary>The region about the mean of keypoints; its sides are theirs, scaled.</summary>
    public static MmposeRegion Around(IReadOnlyList<Keypoint> keypoints, double scale)
    {
        var (sumX, sumY) = (0f, 0f);
        foreach (var keypoint in keypoints)
        {
            sumX += (float)keypoint.X;
            sumY += (float)keypoint.Y;
        }
        var width = keypoints.Max(k => (float)k.X) - keypoints.Min(k => (float)k.X);
        var height = keypoints.Max(k => (float)k.Y) - keypoints.Min(k => (float)k.Y);
        return new MmposeRegion(sumX / keypoints.Count, sumY / keypoints.Count, width * (float)scale, height * (float)scale);
    }

    public MmposeRegion Mirrored(int imageWidth) => this with { CenterX = imageWidth - CenterX - 1 };

    public MmposeRegion Shifted(float x, float y) => this with { CenterX = CenterX + x * Width, CenterY = CenterY + y * Height };

    public MmposeRegion Scaled(float factor) => this with { Width = Width * factor, Height = Height * factor };

    public CropRegion ToRegion(double aspectRatio)
    {
        var (width, height) = Width > Height * (float)aspectRatio ? (Width, Width / (float)aspectRatio) : (Height * (float)aspectRatio, Height);
        return new CropRegion(CenterX, CenterY, width, height, RotationDegrees);
    }
}
