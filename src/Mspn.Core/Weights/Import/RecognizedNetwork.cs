namespace Mspn.Core;

/// <summary>What a checkpoint of another code base holds.</summary>
/// <param name="Options">The network, with keypoints and input size assumed from their number.</param>
/// <param name="Keys">The names of its tensors there.</param>
/// <param name="Input">How that code prepares images for it.</param>
public sealed record RecognizedNetwork(PoseNetworkOptions Options, KeyMap Keys, PoseInput Input)
{
    /// <summary>Finds out from names and shapes which of the library's networks a state dict belongs to.</summary>
    /// <param name="weights">The state dict, without prefixes (<see cref="CheckpointLayout.Weights"/>).</param>
    /// <param name="keypoints">What its heat maps stand for. Default null: by their number, COCO's 17, MPII's 16 and OpenPose's 18, others without names.</param>
    /// <param name="inputSize">Size of its input, which weights do not tell. Default null: 256×192, 256×256 for MPII and hourglasses, 368×368 for OpenPose.</param>
    /// <returns>The network, or null if it is none of those the library knows.</returns>
    /// <exception cref="PoseDataException">It is one, but its tensors contradict each other.</exception>
    public static RecognizedNetwork? Of(WeightFile weights, KeypointSchema? keypoints = null, ImageSize? inputSize = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var shape = new StateDictShape(weights);
        var found = shape.Has("top.conv.conv.weight") ? PyramidRecognition.Official(shape)
            : shape.Has("backbone.top.top.0.conv.weight") ? PyramidRecognition.Mmpose(shape)
            : shape.Has("pre.0.conv.weight") ? HourglassRecognition.Princeton(shape)
            : shape.HasAny("hg.0.hg.") ? HourglassRecognition.Bearpaw(shape)
            : shape.HasAny("global_net.") ? BackboneRecognition.CascadedPyramid(shape)
            : shape.HasAny("deconv_layers.") ? BackboneRecognition.SimpleBaseline(shape)
            : shape.HasAny("model0.conv1_1.") || shape.HasAny("conv1_1.") ? OpenPoseRecognition.Of(shape)
            : null;
        if (found is not { } network)
        {
            return null;
        }
        var options = network.Options with { Keypoints = keypoints ?? Schema(network.Keypoints) };
        if (options.Keypoints.Count != network.Keypoints)
        {
            throw new PoseDataException(weights.Path, $"it gives {network.Keypoints} heat maps, but {options.Keypoints} was asked for.");
        }
        options = options with { InputSize = inputSize ?? DefaultSize(options) };
        try
        {
            return new RecognizedNetwork(options.Validated(), network.Keys(options), network.Input);
        }
        catch (ArgumentException e)
        {
            throw new PoseDataException(weights.Path, $"it looks like a network of {network.Options.GetType().Name}, but {e.Message}", e);
        }
    }

    private static KeypointSchema Schema(int count) => count switch
    {
        17 => KeypointSchemas.Coco17,
        16 => KeypointSchemas.Mpii16,
        18 => KeypointSchemas.OpenPose18,
        _ => new KeypointSchema { Name = $"unnamed{count}", Keypoints = [.. Enumerable.Range(1, count).Select(i => $"keypoint{i}")] },
    };

    private static ImageSize DefaultSize(PoseNetworkOptions options) => options switch
    {
        OpenPoseOptions => new ImageSize(368, 368),
        StackedHourglassOptions => new ImageSize(256, 256),
        _ => options.Keypoints.Count == KeypointSchemas.Mpii16.Count ? new ImageSize(256, 256) : new ImageSize(256, 192),
    };
}

/// <summary>What the recognition of a family finds: options without keypoints, the number of these, and the names for complete options.</summary>
internal sealed record FoundNetwork(PoseNetworkOptions Options, int Keypoints, Func<PoseNetworkOptions, KeyMap> Keys, PoseInput Input);
