using System.Globalization;

namespace Mspn.Core;

/// <summary>Starts encoders from torchvision's classification networks: ResNet-18 to 152, VGG-16 and VGG-19.</summary>
public static class ImageNetWeights
{
    /// <summary>Fills stem and encoders; heads, decoders and everything else stay as they are, the file's classifier is ignored.</summary>
    /// <param name="network">A network whose stages have a ResNet's or VGG's encoders.</param>
    /// <param name="path">The file: a <c>.pth</c> as torchvision publishes it, or the same as safetensors.</param>
    /// <param name="stages">Which encoders. Default every stage's.</param>
    /// <returns>What was done, for each stage that was filled.</returns>
    /// <exception cref="PoseDataException">The file cannot be read or does not fit; the message lists what is missing or has another shape.</exception>
    /// <exception cref="ArgumentException">A stage that is asked for has no such encoder; the message names the first.</exception>
    public static IReadOnlyList<ImportReport> Load(MultiStageNetwork network, string path, ImageNetStages stages = ImageNetStages.Every)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var file = WeightFile.Open(path);
        var weights = CheckpointLayout.Of(file).Weights;
        var maps = Maps(network, stages).ToArray();
        // All are checked before the first is loaded, so that a file that does not fit changes nothing.
        foreach (var map in maps)
        {
            var report = WeightImport.Check(network, weights, map, part: true);
            if (!report.Fits)
            {
                throw new PoseDataException(weights.Path, $"it is not the {map.Name} of this network's encoder: {report.Problems}.");
            }
        }
        return [.. maps.Select(map => WeightImport.Load(network, weights, map, part: true))];
    }

    private static IEnumerable<KeyMap> Maps(MultiStageNetwork network, ImageNetStages stages)
    {
        var names = NetworkWeights.Of(network).Keys.ToHashSet(StringComparer.Ordinal);
        if (network.Stem is VggStem or OpenPoseStem)
        {
            var front = network.Stem is OpenPoseStem;
            var depth = names.Contains(front ? "stem.block3.convs.3.weight" : "stages.0.encoder.levels.0.convs.3.weight") ? 19 : 16;
            return [BackboneKeys.TorchvisionVgg(depth, front)];
        }
        var count = stages == ImageNetStages.First ? 1 : network.Stages.Count;
        return Enumerable.Range(0, count).Select(stage => BackboneKeys.TorchvisionResNet(Blocks(names, stage), stage));
    }

    private static int[] Blocks(HashSet<string> names, int stage)
    {
        var blocks = new List<int>();
        while (Has(blocks.Count, 0))
        {
            var count = 1;
            while (Has(blocks.Count, count))
            {
                count++;
            }
            blocks.Add(count);
        }
        return blocks.Count > 0 ? [.. blocks] : throw new ArgumentException($"Stage {stage} has no encoder of ResNet blocks.");

        bool Has(int level, int block) => names.Contains(string.Create(
            CultureInfo.InvariantCulture, $"stages.{stage}.encoder.levels.{level}.{block}.conv1.conv.weight"));
    }
}
