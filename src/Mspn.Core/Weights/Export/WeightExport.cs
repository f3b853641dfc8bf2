using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>Writes a network's weights with the names of other code bases, for their <c>load_state_dict</c>; the way back from <see cref="WeightImport"/>.</summary>
/// <remarks>
/// <para>
/// Everything their network has is there, and nothing else, so that a strict <c>load_state_dict</c> succeeds. Where only one side has convolution biases in
/// front of a batch normalisation, they become zeros or are subtracted from its running mean: the same numbers up to rounding.
/// </para>
/// <para>
/// Three things no weights tell, so that whoever loads them sets them: how images are prepared, where the bottlenecks of a SimpleBaseline have their stride,
/// and whether OpenPose's last heat maps go through a ReLU, as they do in pytorch-openpose.
/// </para>
/// </remarks>
public static class WeightExport
{
    /// <summary>Writes a file, which appears under its name only when it is complete.</summary>
    /// <param name="path">
    /// The file. Its extension picks the container: <c>.safetensors</c>, or <c>.pth</c> and <c>.pt</c> for a zip checkpoint that is a bare state dict, as
    /// both <c>model.load_state_dict(torch.load(path))</c> and mmpose's <c>load_checkpoint</c> take it.
    /// </param>
    /// <param name="network">The network; it is not changed.</param>
    /// <param name="style">Whose names it gets.</param>
    /// <param name="input">How images are prepared for it. Only the library's own model files hold it, and those need it.</param>
    /// <param name="progress">Told how many tensors are written.</param>
    /// <exception cref="ArgumentException">The extension is another, the style's code has no such network, or the input is needed and missing.</exception>
    /// <exception cref="PoseDataException">The file cannot be written.</exception>
    public static void Write(string path, IPoseNetwork network, WeightStyle style, PoseInput? input = null, IProgress<int>? progress = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(network);
        var safeTensors = IsSafeTensors(path);
        if (style == WeightStyle.Mspn)
        {
            if (!safeTensors)
            {
                throw new ArgumentException($"The library's own model files are .safetensors, not '{path}'.", nameof(path));
            }
            PoseModelFile.Save(path, network, input ?? throw new ArgumentException("A model file needs the input's preparation.", nameof(input)), progress: progress);
            return;
        }
        var options = network.Options
            ?? throw new ArgumentException($"{network.GetType().Name} has no options, so that no other code's names for it are known.", nameof(network));
        var (keys, theirOptions) = ReferenceNames.Of(options, style);
        using var scope = NewDisposeScope();
        if (options is PyramidNetworkOptions own && own.ConvolutionBias != ((PyramidNetworkOptions)theirOptions).ConvolutionBias)
        {
            using var built = theirOptions.BuildWithoutValues();
            var theirs = built.Module.to(NetworkWeights.Of(network.Module).Values.First(t => t.is_floating_point()).dtype);
            // With and without biases the same names mean the same, so the import's rules apply.
            WeightImport.Load(theirs, new TensorWeights("the network", Named(network.Module, keys)), keys);
            WriteTensors(theirs);
        }
        else
        {
            WriteTensors(network.Module);
        }

        void WriteTensors(nn.Module module)
        {
            var tensors = Named(module, keys).Concat(keys.Unused.Select(u => KeyValuePair.Create(u.Name, zeros([.. u.Shape])))).ToArray();
            if (safeTensors)
            {
                SafeTensorsWriter.Write(path, tensors, new Dictionary<string, string> { ["format"] = "pt" }, progress);
            }
            else
            {
                PytorchWriter.Write(path, tensors, progress);
            }
        }
    }

    private static bool IsSafeTensors(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".SAFETENSORS" => true,
        ".PTH" or ".PT" => false,
        _ => throw new ArgumentException($"Weights are written to .safetensors, .pth or .pt, not to '{path}'.", nameof(path)),
    };

    private static KeyValuePair<string, Tensor>[] Named(nn.Module module, KeyMap keys)
    {
        var own = NetworkWeights.Of(module);
        var nameless = own.Keys.Where(name => keys.Theirs(name) is null).ToArray();
        return nameless.Length == 0
            ? [.. own.Select(p => KeyValuePair.Create(keys.Theirs(p.Key)!, p.Value))]
            : throw new ArgumentException(
                $"The code of {keys.Name} has no such network: it has no names for {nameless.Length} of its tensors, the first being '{nameless[0]}'.");
    }
}
