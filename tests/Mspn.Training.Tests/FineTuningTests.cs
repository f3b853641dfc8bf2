using Mspn.Core;

namespace Mspn.Training.Tests;

public sealed class FineTuningTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_network_for_other_keypoints_takes_all_but_the_last_layers_of_the_heads(bool biases)
    {
        var file = _folder.File("coco.safetensors");
        using var source = TinyNetworks.Mspn(TinyNetworks.Options);
        PoseModelFile.Save(file, source, new PoseInput());
        using var network = TinyNetworks.Mspn(TinyNetworks.Options with { Keypoints = KeypointSchemas.Mpii16, ConvolutionBias = biases }, seed: 2);
        var before = TensorBytes.Snapshot(network);

        var report = FineTuning.Load(network, file);

        var (theirs, after) = (TensorBytes.Snapshot(source), TensorBytes.Snapshot(network));
        report.Untouched.Should().NotBeEmpty().And.OnlyContain(n => n.StartsWith("heads.", StringComparison.Ordinal));
        foreach (var (name, bytes) in after)
        {
            var stays = report.Untouched.Contains(name);
            // Normalisations' means take in the biases that the network does not have.
            if (stays || biases || !name.EndsWith("running_mean", StringComparison.Ordinal))
            {
                bytes.Should().Equal(stays ? before[name] : theirs[name], name);
            }
        }
        report.Untouched.Concat(report.Loaded).Should().BeEquivalentTo(after.Keys);
        (report.FoldedBiases.Count > 0).Should().Be(!biases);
    }

    [Fact]
    public void Other_layers_that_differ_are_an_error_and_change_nothing()
    {
        using var source = TinyNetworks.Mspn(TinyNetworks.Options with { BlocksPerLevel = [1, 1, 1, 2] });
        using var network = TinyNetworks.Mspn(TinyNetworks.Options with { BlocksPerLevel = [1, 1, 2, 1] }, seed: 2);
        var before = TensorBytes.Snapshot(network);
        var load = () => FineTuning.Load(network, source);
        load.Should().Throw<PoseDataException>().WithMessage("*layers differ*stages.0.encoder.levels.2.1.*");
        TensorBytes.ShouldBeSame(TensorBytes.Snapshot(network), before);

        var report = FineTuning.Load(network, source, [.. FineTuning.Heads, "stages.*.encoder.levels.2.1.*"]);
        report.Untouched.Should().NotBeEmpty().And.OnlyContain(n => n.Contains(".encoder.levels.2.1."));
        report.Ignored.Should().NotBeEmpty().And.OnlyContain(n => n.Contains(".encoder.levels.3.1."));
    }

    [Fact]
    public void Another_width_is_an_error()
    {
        using var source = TinyNetworks.Mspn(TinyNetworks.Options with { BaseChannels = 6, UpsampleChannels = 10 });
        using var network = TinyNetworks.Mspn(seed: 2);
        var load = () => FineTuning.Load(network, source);
        load.Should().Throw<PoseDataException>().WithMessage("*layers differ*stem.*");
    }
}
