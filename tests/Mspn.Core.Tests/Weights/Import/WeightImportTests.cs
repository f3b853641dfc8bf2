using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Weights.Import;

public sealed class WeightImportTests : IDisposable
{
    private static readonly KeyMap Keys = PyramidKeys.Official(TinyNetworks.Options);

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly MspnNetwork _source = TinyNetworks.Mspn(seed: 1);
    private readonly MspnNetwork _target = TinyNetworks.Mspn(seed: 2);

    public void Dispose()
    {
        _source.Dispose();
        _target.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void Tensors_of_the_same_network_are_copied()
    {
        var report = WeightImport.Load(_target, MemoryWeights.Of(_source, Keys), Keys);
        report.Loaded.Should().HaveCount(NetworkWeights.Of(_target).Count);
        report.ToString().Should().Contain("fits").And.Contain("official");
        Contents(_target).Should().BeEquivalentTo(Contents(_source));
    }

    [Fact]
    public void Everything_that_does_not_fit_is_listed_and_nothing_changes()
    {
        var before = Contents(_target);
        var tensors = NetworkWeights.Of(_source).Select(p => (Keys.Theirs(p.Key)!, p.Value)).ToList();
        tensors.RemoveAll(t => t.Item1 == "top.conv.conv.weight");
        tensors.Add(("surprise.weight", zeros(2)));
        tensors[tensors.FindIndex(t => t.Item1 == "top.conv.bn.weight")] = ("top.conv.bn.weight", zeros(9));
        using var weights = MemoryWeights.Of(tensors);

        var load = () => WeightImport.Load(_target, weights, Keys);

        load.Should().Throw<PoseDataException>()
            .WithMessage("memory.pth*official*1 missing: stem.conv.conv.weight (top.conv.conv.weight*1 unexpected: surprise.weight*1 of another shape: "
                + "top.conv.bn.weight (file [9], network [4])*");
        Contents(_target).Should().BeEquivalentTo(before);
        WeightImport.Check(_target, weights, Keys).Fits.Should().BeFalse();
    }

    [Fact]
    public void Biases_that_the_file_lacks_are_zero_and_old_files_have_no_counters()
    {
        var tensors = NetworkWeights.Of(_source).Where(p => !p.Key.EndsWith("conv.bias", StringComparison.Ordinal)
            && !p.Key.EndsWith("conv2.bias", StringComparison.Ordinal) && !p.Key.EndsWith("num_batches_tracked", StringComparison.Ordinal));
        using var weights = MemoryWeights.Of(tensors.Select(p => (Keys.Theirs(p.Key)!, p.Value)));

        var report = WeightImport.Load(_target, weights, Keys);

        report.Fits.Should().BeTrue();
        report.ZeroedBiases.Should().NotBeEmpty().And.OnlyContain(n => n.EndsWith(".bias", StringComparison.Ordinal));
        report.ZeroedCounters.Should().HaveCount(report.ZeroedBiases.Count);
        NetworkWeights.Of(_target)[report.ZeroedBiases[0]].abs().sum().item<float>().Should().Be(0);
    }

    [Fact]
    public void A_file_without_any_of_the_names_is_refused_even_as_a_part()
    {
        using var weights = MemoryWeights.Of([("other", zeros(1))]);
        var load = () => WeightImport.Load(_target, weights, Keys, part: true);
        load.Should().Throw<PoseDataException>();
    }

    [Fact]
    public void An_unknown_file_is_no_network()
    {
        using var weights = MemoryWeights.Of([("layer.weight", zeros(1))]);
        RecognizedNetwork.Of(weights).Should().BeNull();
    }

    [Fact]
    public void Keypoints_of_another_number_are_refused()
    {
        using var weights = MemoryWeights.Of(_source, Keys);
        var recognise = () => RecognizedNetwork.Of(weights, KeypointSchemas.Mpii16);
        recognise.Should().Throw<PoseDataException>().WithMessage("memory.pth*17 heat maps*mpii16*");
        RecognizedNetwork.Of(weights, inputSize: new ImageSize(64, 64))!.Options.Should().BeEquivalentTo(TinyNetworks.Options);
    }

    [Theory]
    [InlineData("top.conv.conv.weight")]
    [InlineData("backbone.top.top.0.conv.weight")]
    [InlineData("pre.0.conv.weight")]
    [InlineData("hg.0.hg.0.0.0.conv1.weight")]
    [InlineData("global_net.laterals.0.0.weight")]
    [InlineData("deconv_layers.0.weight")]
    [InlineData("model0.conv1_1.weight")]
    [InlineData("conv1_1.weight")]
    public void A_part_of_a_networks_tensors_is_one_clear_error(string name)
    {
        using var weights = MemoryWeights.Of([(name, new long[] { 4, 3, 7, 7 })]);
        var recognise = () => RecognizedNetwork.Of(weights);
        recognise.Should().Throw<PoseDataException>().WithMessage("memory.pth*");
    }

    [Fact]
    public void Contradicting_tensors_are_one_clear_error()
    {
        using var weights = MemoryWeights.Of([("top.conv.conv.weight", new long[] { 4, 3, 7, 7 }), ("stage99999.downsample.x", [1])]);
        var recognise = () => RecognizedNetwork.Of(weights);
        recognise.Should().Throw<PoseDataException>();
    }

    private static Dictionary<string, byte[]> Contents(nn.Module module) =>
        NetworkWeights.Of(module).ToDictionary(p => p.Key, p => p.Value.Bytes());
}
