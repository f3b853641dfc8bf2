using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core.Tests;

public sealed class OnnxNetworkTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_layer_that_is_used_twice_has_the_weights_of_both_uses()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var network = OwnLevels.Network(new UsedTwice());
        Liveliness.Give(network);
        network.eval();
        var path = _folder.File("network.onnx");
        OnnxExport.Save(path, network, new PoseInput(), new OnnxExportOptions { Maps = ExportedMaps.Final });
        var images = randn(1, 3, 64, 64);
        var expected = network.PredictFinal(images).Final;
        using var session = new OnnxSession(path);
        var found = session.Run("image", images.data<float>().ToArray(), 1, 3, 64, 64)["heatmaps"];
        var difference = (tensor(found.ToArray(), expected.shape) - expected).abs().max().item<float>();
        difference.Should().BeLessThanOrEqualTo(1e-5f * expected.abs().max().item<float>());
    }

    [Fact]
    public void A_linear_layer_over_maps_is_an_error_that_names_it()
    {
        using var network = OwnLevels.Network(new OverColumns());
        var save = () => OnnxExport.Save(_folder.File("network.onnx"), network, new PoseInput());
        save.Should().Throw<NotSupportedException>().WithMessage("*'stages.0.encoder.levels.1.columns'*[1, 8, 8, 8]*[N, in]*");
    }

    [Fact]
    public void More_weights_than_a_file_holds_are_an_error()
    {
        using var number = zeros(1);
        using var weights = number.expand(600_000_000);
        var graph = new OnnxGraph();
        graph.Weight(new GraphWeight("large", weights));
        var write = () => OnnxWriter.Write(Stream.Null, graph, "graph", "1.0.0", new Dictionary<string, string>());
        write.Should().Throw<NotSupportedException>().WithMessage("*2 GiB*");
    }
}
