namespace Mspn.Core;

/// <summary>Whether the parts of a <see cref="MultiStageNetwork"/> fit together. Native code would say so without names, and only when it is run.</summary>
internal static class PartsCheck
{
    public static void Stages(NetworkStem stem, IReadOnlyList<SingleStageModule> stages)
    {
        if (stages.Count == 0)
        {
            throw new ArgumentException("A network needs at least one stage.", nameof(stages));
        }
        if (stages[0].InChannels != stem.OutChannels)
        {
            throw new ArgumentException($"The stem gives {stem.OutChannels} channels, but the first stage expects {stages[0].InChannels}.", nameof(stages));
        }
        for (var stage = 0; stage < stages.Count - 1; stage++)
        {
            if (stages[stage].Decoder.FinestLevel != 0)
            {
                throw new ArgumentException(
                    $"The decoder of stage {stage} does not come back to the resolution of its input, which the next needs.", nameof(stages));
            }
        }
    }

    /// <param name="extras">The extras.</param>
    /// <param name="refined">Whether a refinement makes the final heat maps.</param>
    public static void Extras(IReadOnlyList<PoseExtra> extras, bool refined)
    {
        if (extras.CountBy(e => e.Name).FirstOrDefault(e => e.Value > 1 || e.Key == NetworkGraph.Heatmaps) is { Key: { } name })
        {
            throw new ArgumentException($"Each extra needs a name of its own, which '{name}' is not.", nameof(extras));
        }
        if (refined && extras.FirstOrDefault(e => e.WithHeatmaps) is { } extra)
        {
            throw new ArgumentException(
                $"'{extra.Name}' is given by the head of the heat maps, but the final ones come from a refinement, which does not give it.", nameof(extras));
        }
    }
}
