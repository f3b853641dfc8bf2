using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>Gathers what the stages give into a <see cref="PoseOutput"/>, and takes apart what one head gives together.</summary>
internal sealed class OutputCollector(int keypoints, IReadOnlyList<PoseExtra> extras)
{
    private readonly List<IReadOnlyList<Tensor>> _heatmaps = [];
    private readonly Dictionary<string, List<Tensor>> _extras = new(StringComparer.Ordinal);

    /// <summary>Adds a stage.</summary>
    /// <param name="coarser">Maps of its coarser scales, coarsest first.</param>
    /// <param name="finest">Maps of its finest scale; null if it gives no heat maps.</param>
    /// <param name="own">What the extras' own heads give, in their order.</param>
    public void Add(IEnumerable<Tensor> coarser, Tensor? finest, IReadOnlyList<Tensor> own)
    {
        foreach (var (extra, tensor) in extras.Where(e => !e.WithHeatmaps).Zip(own))
        {
            Add(extra, tensor);
        }
        if (finest is null)
        {
            return;
        }
        _heatmaps.Add([.. coarser.Select(Heatmaps), Heatmaps(finest)]);
        var channel = keypoints;
        foreach (var extra in extras.Where(e => e.WithHeatmaps && finest.shape[1] > keypoints))
        {
            Add(extra, finest.Channels(channel, extra.Channels));
            channel += extra.Channels;
        }
    }

    public PoseOutput ToOutput() =>
        new(_heatmaps, _extras.ToDictionary(e => e.Key, e => (IReadOnlyList<Tensor>)e.Value, StringComparer.Ordinal));

    private Tensor Heatmaps(Tensor maps) => maps.shape[1] == keypoints ? maps : maps.Channels(0, keypoints);

    private void Add(PoseExtra extra, Tensor tensor)
    {
        if (!_extras.TryGetValue(extra.Name, out var list))
        {
            _extras.Add(extra.Name, list = []);
        }
        list.Add(tensor);
    }
}
