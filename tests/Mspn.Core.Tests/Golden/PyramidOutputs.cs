using static TorchSharp.torch;

namespace Mspn.Core.Tests.Golden;

/// <summary>Heat maps under the official code's names.</summary>
internal static class PyramidOutputs
{
    public static Dictionary<string, Tensor> Add(Dictionary<string, Tensor> named, PoseOutput output)
    {
        for (var stage = 0; stage < output.Heatmaps.Count; stage++)
        {
            for (var scale = 0; scale < output.Heatmaps[stage].Count; scale++)
            {
                named[$"stage{stage}.res{scale + 1}"] = output.Heatmaps[stage][scale];
            }
        }
        named["final"] = output.Final;
        return named;
    }
}
