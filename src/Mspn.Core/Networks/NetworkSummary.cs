using System.Globalization;
using System.Text;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>One line of a <see cref="NetworkSummary"/>.</summary>
/// <param name="Name">The part's name in the module tree.</param>
/// <param name="Output">Shape of its (last) output for a batch of one, or empty where nothing was run.</param>
/// <param name="Parameters">Its trainable numbers.</param>
/// <param name="MultiplyAdds">Multiply-adds of its convolutions, transposed convolutions and linear layers for one image.</param>
public sealed record NetworkSummaryRow(string Name, IReadOnlyList<long> Output, long Parameters, long MultiplyAdds);

/// <summary>
/// Parameters and multiply-adds of a network, counted by running one blank image through it. Biases, normalisation and interpolation are
/// not counted as multiply-adds.
/// </summary>
public sealed class NetworkSummary
{
    private NetworkSummary(string title, IReadOnlyList<NetworkSummaryRow> rows, IReadOnlyList<NetworkSummaryRow> layers, long parameters, long all, long final)
    {
        Title = title;
        Rows = rows;
        Layers = layers;
        Parameters = parameters;
        MultiplyAdds = all;
        FinalMultiplyAdds = final;
    }

    /// <summary>The network's type, input and keypoints.</summary>
    public string Title { get; }

    /// <summary>Its parts, two levels of the module tree deep.</summary>
    public IReadOnlyList<NetworkSummaryRow> Rows { get; }

    /// <summary>
    /// All that multiply-adds are counted of, convolutions, transposed convolutions and linear layers, under their full names in the order in which they were run.
    /// </summary>
    public IReadOnlyList<NetworkSummaryRow> Layers { get; }

    /// <summary>All trainable numbers.</summary>
    public long Parameters { get; }

    /// <summary>Multiply-adds per image with every stage's and scale's heat maps (training).</summary>
    public long MultiplyAdds { get; }

    /// <summary>Multiply-adds per image for the final heat maps alone (inference).</summary>
    public long FinalMultiplyAdds { get; }

    /// <summary>Counts.</summary>
    /// <param name="network">The network; its mode is restored, and normalisation statistics do not change.</param>
    /// <param name="inputSize">Size of the image; default the network's own.</param>
    public static NetworkSummary Of(IPoseNetwork network, ImageSize? inputSize = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        var size = inputSize ?? network.InputSize;
        var module = network.Module;
        var counts = new Dictionary<string, (long MultiplyAdds, long[] Output)>(StringComparer.Ordinal);
        var hooks = new List<Action>();
        using var mode = new EvaluationMode(module);
        try
        {
            foreach (var (name, child) in module.named_modules())
            {
                Watch(child, (output, macs) =>
                {
                    var before = counts.TryGetValue(name, out var c) ? c.MultiplyAdds : 0;
                    counts[name] = (before + macs, output);
                }, hooks);
            }
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            var first = module.parameters().FirstOrDefault();
            var blank = zeros(1, 3, size.Height, size.Width, dtype: first?.dtype ?? ScalarType.Float32, device: first?.device ?? CPU);
            network.PredictFinal(blank);
            var final = counts.Values.Sum(c => c.MultiplyAdds);
            counts.Clear();
            network.Predict(blank);
            return new NetworkSummary(
                $"{network.GetType().Name}, input 3×{size}, {network.Keypoints}",
                BuildRows(module, counts),
                BuildLayers(module, counts),
                module.parameters().Sum(p => p.numel()),
                counts.Values.Sum(c => c.MultiplyAdds),
                final);
        }
        finally
        {
            hooks.ForEach(remove => remove());
        }
    }

    /// <summary>A table for people.</summary>
    public override string ToString()
    {
        var text = new StringBuilder().AppendLine(Title);
        text.AppendLine(CultureInfo.InvariantCulture, $"{"part",-24}{"output",-22}{"parameters",14}{"multiply-adds",18}");
        foreach (var row in Rows)
        {
            var shape = row.Output.Count == 0 ? string.Empty : string.Join('×', row.Output.Skip(1));
            text.AppendLine(CultureInfo.InvariantCulture, $"{row.Name,-24}{shape,-22}{row.Parameters,14:N0}{row.MultiplyAdds,18:N0}");
        }
        text.AppendLine(CultureInfo.InvariantCulture, $"{"total",-46}{Parameters,14:N0}{MultiplyAdds,18:N0}");
        text.Append(CultureInfo.InvariantCulture, $"{"final heat maps only",-60}{FinalMultiplyAdds,18:N0}");
        return text.ToString();
    }

    private static void Watch(nn.Module module, Action<long[], long> seen, List<Action> hooks)
    {
        switch (module)
        {
            case Conv2d conv:
                hooks.Add(conv.register_forward_hook((_, x, y) =>
                {
                    var weight = conv.weight!.shape;
                    seen(y.shape, y.numel() * weight[1] * weight[2] * weight[3]);
                    return y;
                }).remove);
                break;
            case ConvTranspose2d deconv:
                hooks.Add(deconv.register_forward_hook((_, x, y) =>
                {
                    var weight = deconv.weight!.shape;
                    seen(y.shape, x.numel() * weight[1] * weight[2] * weight[3]);
                    return y;
                }).remove);
                break;
            case Linear linear:
                hooks.Add(linear.register_forward_hook((_, x, y) =>
                {
                    seen(y.shape, y.numel() * linear.weight!.shape[1]);
                    return y;
                }).remove);
                break;
        }
    }

    private static List<NetworkSummaryRow> BuildLayers(nn.Module module, Dictionary<string, (long MultiplyAdds, long[] Output)> counts)
    {
        var parts = module.named_modules().ToDictionary(m => m.name, m => m.module, StringComparer.Ordinal);
        return [.. counts.Select(c => new NetworkSummaryRow(c.Key, c.Value.Output, parts[c.Key].parameters().Sum(p => p.numel()), c.Value.MultiplyAdds))];
    }

    private static List<NetworkSummaryRow> BuildRows(
        nn.Module module, Dictionary<string, (long MultiplyAdds, long[] Output)> counts)
    {
        var rows = new List<NetworkSummaryRow>();
        foreach (var (name, part) in Parts(module))
        {
            var inside = counts.Where(c => c.Key == name || c.Key.StartsWith(name + ".", StringComparison.Ordinal)).ToArray();
            rows.Add(new NetworkSummaryRow(
                name,
                inside.Length == 0 ? [] : inside[^1].Value.Output,
                part.parameters().Sum(p => p.numel()),
                inside.Sum(c => c.Value.MultiplyAdds)));
        }
        return rows;
    }

    // Lists are opened, everything else is one row.
    private static IEnumerable<(string Name, nn.Module Part)> Parts(nn.Module module)
    {
        foreach (var (name, child) in module.named_children())
        {
            var items = child.named_children().ToArray();
            if (items.Length > 0 && items.All(i => int.TryParse(i.name, out _)))
            {
                foreach (var item in items)
                {
                    yield return ($"{name}.{item.name}", item.module);
                }
            }
            else
            {
                yield return (name, child);
            }
        }
    }
}
