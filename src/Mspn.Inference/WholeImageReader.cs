using Mspn.Core;
using Mspn.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Inference;

/// <summary>Finds the people of whole images: the network's maps of several scales, averaged in the image's own pixels, then decoded.</summary>
internal sealed class WholeImageReader
{
    private readonly WholeImagePreparation _preparation;
    private readonly NetworkRunner _runner;
    private readonly IPoseDecoder _decoder;

    /// <summary>Checks that the prepared sizes fit the network.</summary>
    /// <exception cref="ArgumentException">They do not, or a value of the input is out of its range.</exception>
    public WholeImageReader(PoseModel model, NetworkRunner runner, IPoseDecoder decoder)
    {
        (_preparation, _runner, _decoder) = (new WholeImagePreparation(model.Input), runner, decoder);
        var stride = _preparation.Options.Stride;
        if (model.Network is MultiStageNetwork network && stride % network.SizeMultiple != 0)
        {
            throw new ArgumentException(
                $"Whole images are filled up to multiples of {stride}, but the network takes multiples of {network.SizeMultiple}.", nameof(model));
        }
    }

    /// <summary>Everybody in an image, in its pixels, the surest first.</summary>
    public IReadOnlyList<PersonPrediction> Read(RgbImage image, CancellationToken cancellation)
    {
        var inputs = _preparation.Prepare(image);
        var predictions = new List<IReadOnlyDictionary<string, Maps>>();
        foreach (var input in inputs)
        {
            cancellation.ThrowIfCancellationRequested();
            predictions.Add(_runner.Run(input.Pixels, 1, input.Frame.Padded, Maps.Of));
        }
        cancellation.ThrowIfCancellationRequested();
        using var scope = NewDisposeScope();
        var extras = new Dictionary<string, IReadOnlyList<Tensor>>(StringComparer.Ordinal);
        foreach (var name in predictions[0].Keys)
        {
            extras.Add(name, [Restore(inputs, [.. predictions.Select(p => p[name])], image.Size)]);
        }
        extras.Remove(Maps.Heatmaps, out var heatmaps);
        return _decoder.DecodePeople(new PoseOutput([heatmaps!], extras), image.Size)[0];
    }

    private static Tensor Restore(IReadOnlyList<WholeImageInput> inputs, Maps[] scales, ImageSize image)
    {
        var count = scales[0].Count;
        return tensor(
            WholeImagePreparation.Restore(inputs, [.. scales.Select(m => (m.Values, m.Size))], count), [1, count, image.Height, image.Width]);
    }

    /// <summary>Maps of one image, out of the tensors' reach.</summary>
    private sealed record Maps(ReadOnlyMemory<float> Values, int Count, ImageSize Size)
    {
        /// <summary>No extra has this name.</summary>
        public const string Heatmaps = "";

        public static IReadOnlyDictionary<string, Maps> Of(PoseOutput output) => output.Extras
            .Select(e => (e.Key, Tensor: e.Value[^1])).Append((Key: Heatmaps, Tensor: output.Final))
            .ToDictionary(e => e.Key, e => Of(e.Tensor), StringComparer.Ordinal);

        private static Maps Of(Tensor maps) => new(
            maps.to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray(), (int)maps.shape[1],
            new ImageSize((int)maps.shape[2], (int)maps.shape[3]));
    }
}
