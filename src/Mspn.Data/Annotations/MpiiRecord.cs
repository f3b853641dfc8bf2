using System.Text.Json;
using System.Text.Json.Serialization;
using Mspn.Core;

namespace Mspn.Data;

/// <summary>One person of an MPII file, in either layout (see <see cref="MpiiDataset"/>): what is read of it, and what it means.</summary>
internal sealed record MpiiRecord
{
    [JsonPropertyName("image")]
    public string? Image { get; init; }

    [JsonPropertyName("center")]
    public double[]? Center { get; init; }

    [JsonPropertyName("scale")]
    public double? Scale { get; init; }

    [JsonPropertyName("joints")]
    public double[]?[]? Joints { get; init; }

    [JsonPropertyName("joints_vis")]
    public double[]? JointsVisible { get; init; }

    [JsonPropertyName("img_paths")]
    public string? ImagePath { get; init; }

    [JsonPropertyName("img_width")]
    public double Width { get; init; }

    [JsonPropertyName("img_height")]
    public double Height { get; init; }

    [JsonPropertyName("objpos")]
    public double[]? ObjectPosition { get; init; }

    [JsonPropertyName("scale_provided")]
    public double? ScaleProvided { get; init; }

    [JsonPropertyName("joint_self")]
    public double[]?[]? JointSelf { get; init; }

    [JsonPropertyName("isValidation")]
    public JsonElement IsValidation { get; init; }

    // Only the other layout calls the image by this name.
    private bool IsBearpaws => Image is null;

    /// <summary>The image's file name.</summary>
    public string FileName(MpiiPlace place) => Image ?? ImagePath ?? throw place.Error("has neither 'image' nor 'img_paths'");

    /// <summary>The image's size, where the file tells it.</summary>
    public ImageSize? Size => Width is >= 1 and <= int.MaxValue && Height is >= 1 and <= int.MaxValue ? new ImageSize((int)Height, (int)Width) : null;

    /// <summary>Whether the person belongs to a part of the file.</summary>
    public bool IsIn(MpiiPart part, MpiiPlace place)
    {
        if (part == MpiiPart.Everybody)
        {
            return true;
        }
        var validation = IsValidation.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number => IsValidation.GetDouble() != 0,
            _ => throw place.Error($"does not say by 'isValidation' whether it is one of {part}"),
        };
        return validation == (part == MpiiPart.Validation);
    }

    /// <summary>The person's square, 0-based; null where position or scale are not known (−1).</summary>
    public Box? Square(MpiiPlace place)
    {
        var (position, scale, field) = IsBearpaws ? (ObjectPosition, ScaleProvided, "objpos") : (Center, Scale, "center");
        if (position is not [var x, var y] || !double.IsFinite(x) || !double.IsFinite(y))
        {
            throw place.Error($"has no '{field}' of two numbers");
        }
        if (scale is not { } known || !double.IsFinite(known))
        {
            throw place.Error($"has no '{(IsBearpaws ? "scale_provided" : "scale")}'");
        }
        if (x == -1 || !(known > 0))
        {
            return null;
        }
        var side = MpiiDataset.ScaleUnit * known;
        return new Box(x - 1 - side / 2, y + MpiiDataset.CentreShift * known - 1 - side / 2, side, side);
    }

    /// <summary>The keypoints, 0-based.</summary>
    public Keypoint[] Keypoints(KeypointSchema schema, MpiiPlace place)
    {
        var field = IsBearpaws ? "joint_self" : "joints";
        var joints = (IsBearpaws ? JointSelf : Joints) ?? throw place.Error($"has no '{field}'");
        var numbers = IsBearpaws ? 3 : 2;
        if (joints.Length != schema.Count)
        {
            throw place.Error($"has {joints.Length} '{field}', not {schema.Count}");
        }
        if (!IsBearpaws && JointsVisible?.Length != schema.Count)
        {
            throw place.Error($"has {JointsVisible?.Length ?? 0} 'joints_vis', not {schema.Count}");
        }
        var keypoints = new Keypoint[schema.Count];
        for (var k = 0; k < keypoints.Length; k++)
        {
            if (joints[k] is not { } joint || joint.Length < numbers || !joint.All(double.IsFinite))
            {
                throw place.Error($"does not have {numbers} numbers in '{field}' for {schema.Keypoints[k]}");
            }
            var visibility = IsBearpaws ? SelfVisibility(joint) : JointsVisible![k] > 0 ? 2 : 0;
            keypoints[k] = visibility == 0 ? default : new Keypoint(joint[0] - 1, joint[1] - 1, visibility);
        }
        return keypoints;
    }

    // Rows of zeros fill up joints that are not annotated; a third number of 0 at a position means hidden.
    private static int SelfVisibility(double[] joint) => joint is [0, 0, ..] ? 0 : joint[2] > 0 ? 2 : 1;
}
