namespace Mspn.Core;

/// <summary>
/// Builds networks from checkpoints of the official code, mmpose and the others whose <see cref="KeyMap"/>s are here: <c>.pth</c> in both formats, or
/// the same tensors as safetensors.
/// </summary>
public static class CheckpointImport
{
    /// <summary>Recognises the network of a checkpoint, builds it and fills it, strictly.</summary>
    /// <param name="path">The file.</param>
    /// <param name="keypoints">What its heat maps stand for; default by their number, see <see cref="RecognizedNetwork.Of"/>.</param>
    /// <param name="inputSize">Size of its input, which weights do not tell; default as <see cref="RecognizedNetwork.Of"/> says.</param>
    /// <param name="progress">Told how many tensors are done.</param>
    /// <returns>The model, in evaluation mode; the caller disposes it.</returns>
    /// <exception cref="PoseDataException">The file is missing, damaged, not recognised, or its tensors do not fit; the message says which.</exception>
    public static ImportedModel Load(
        string path, KeypointSchema? keypoints = null, ImageSize? inputSize = null, IProgress<int>? progress = null)
    {
        using var file = WeightFile.Open(path);
        return Load(file, keypoints, inputSize, progress);
    }

    internal static ImportedModel Load(
        WeightFile file, KeypointSchema? keypoints = null, ImageSize? inputSize = null, IProgress<int>? progress = null)
    {
        var layout = CheckpointLayout.Of(file);
        var found = RecognizedNetwork.Of(layout.Weights, keypoints, inputSize) ?? throw new PoseDataException(
            file.Path, $"its network is not recognised: {layout.Weights.Names.Count} tensors such as '{layout.Weights.Names[0]}'. It is neither a model file of this "
            + "library nor a checkpoint of MSPN, RSN, mmpose's versions of them, hourglasses, CPN, SimpleBaseline or OpenPose.");
        var network = DescribedNetwork.Build(file.Path, "the shape of its tensors", found.Options);
        try
        {
            var report = WeightImport.Load(network.Module, layout.Weights, found.Keys, progress: progress);
            network.Module.eval();
            return new ImportedModel(new PoseModel(network, found.Input), report, layout.Kind);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }
}
