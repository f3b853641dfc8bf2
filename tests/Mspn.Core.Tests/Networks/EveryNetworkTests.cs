using System.Reflection;
using System.Text.Json.Serialization;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Networks;

/// <summary>What must hold for every network that exists, in every variant.</summary>
public sealed class EveryNetworkTests : IDisposable
{
    private readonly OneThread _thread = new();

    public static TheoryData<string> Names => [.. TinyNetworks.All.Keys];

    public void Dispose() => _thread.Dispose();

    [Fact]
    public void Every_kind_of_network_is_among_them()
    {
        var kinds = typeof(PoseNetworkOptions).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(a => a.DerivedType);
        TinyNetworks.All.Values.Select(o => o.GetType()).Distinct().Should().BeEquivalentTo(kinds);
        typeof(PoseNetworkOptions).Assembly.GetTypes().Where(t => !t.IsAbstract && t.IsAssignableTo(typeof(PoseNetworkOptions)))
            .Should().BeEquivalentTo(kinds, "a network that cannot be stored in model files is forgotten");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Two_input_sizes_give_maps_of_the_announced_size(string name)
    {
        using var scope = NewDisposeScope();
        var options = TinyNetworks.All[name];
        foreach (var size in new[] { options.InputSize, new ImageSize(128, 96) })
        {
            torch.manual_seed(1);
            var network = (options with { InputSize = size }).Build();
            var output = network.Predict(rand(2, 3, size.Height, size.Width));
            long[] map = [2, network.Keypoints.Count, network.HeatmapSize.Height, network.HeatmapSize.Width];
            output.Heatmaps.SelectMany(stage => stage).Should().OnlyContain(m => m.shape.SequenceEqual(map));
            output.Extras.Keys.Should().BeEquivalentTo(network.Extras.Select(e => e.Name));
            foreach (var extra in network.Extras)
            {
                output.Extras[extra.Name].Should().OnlyContain(m => m.shape.SequenceEqual(new[] { 2, extra.Channels, map[2], map[3] }));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_saved_network_comes_back_with_identical_outputs(string name)
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using var network = TinyNetworks.Build(name);
        network.Module.eval();
        var file = folder.File("model.safetensors");
        PoseModelFile.Save(file, network, new PoseInput());
        using var loaded = PoseModelFile.Load(file);

        var images = rand(2, 3, network.InputSize.Height, network.InputSize.Width);
        var (before, after) = (network.Predict(images), loaded.Network.Predict(images));

        loaded.Network.Should().BeOfType(network.GetType());
        Maps(after).Select(m => m.Bytes()).Should().BeEquivalentTo(Maps(before).Select(m => m.Bytes()), o => o.WithStrictOrdering());
        PoseModelFile.Metadata(loaded.Network, loaded.Input).Should().Equal(PoseModelFile.Metadata(network, new PoseInput()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_short_way_to_the_prediction_gives_the_same_numbers_and_frees_what_it_makes(string name)
    {
        using var network = TinyNetworks.Build(name);
        network.Module.eval();
        using var noGrad = no_grad();
        using var images = rand(2, 3, network.InputSize.Height, network.InputSize.Width);
        using (NewDisposeScope())
        {
            var (all, final) = (network.Predict(images), network.PredictFinal(images));
            final.Heatmaps.Should().ContainSingle().Which.Should().ContainSingle();
            final.Final.Bytes().Should().Equal(all.Final.Bytes());
            foreach (var extra in network.Extras)
            {
                final.FinalExtra(extra.Name).Bytes().Should().Equal(all.FinalExtra(extra.Name).Bytes());
            }
        }
        LiveTensors.ShouldNotGrowDuring(() =>
        {
            network.Predict(images).Dispose();
            network.PredictFinal(images).Dispose();
            HeatmapFlip.PredictBothWays(network, images).Dispose();
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_network_frees_its_weights_when_it_is_disposed(string name)
    {
        int parameters;
        var before = LiveTensors.Count();
        using (var network = TinyNetworks.Build(name))
        {
            parameters = network.Module.parameters().Count();
        }
        // TorchSharp counts each parameter that was ever made once too often; a forgotten handle would count besides.
        (Tensor.TotalCount - before).Should().BeLessThanOrEqualTo(parameters, "the garbage collector knows nothing of their size");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_network_runs_in_double_precision_too(string name)
    {
        using var scope = NewDisposeScope();
        using var network = TinyNetworks.Build(name);
        network.Module.eval();
        using var noGrad = no_grad();
        var images = rand(1, 3, network.InputSize.Height, network.InputSize.Width);
        var single = network.PredictFinal(images).Final.to(ScalarType.Float64);
        network.Module.to(ScalarType.Float64);
        var twice = network.PredictFinal(images.to(ScalarType.Float64)).Final;
        twice.dtype.Should().Be(ScalarType.Float64);
        (twice - single).abs().max().item<double>().Should().BeLessThan(1e-4 * (1 + single.abs().max().item<double>()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Wrong_shapes_are_refused_with_the_expected_and_the_given(string name)
    {
        using var scope = NewDisposeScope();
        using var network = TinyNetworks.Build(name);
        foreach (var (shape, expected) in new (long[], string)[]
        {
            ([3, 64, 64], "[N, 3, H, W]"), ([1, 1, 64, 64], "[N, 3, H, W]"), ([1, 3, 65, 64], "multiples of"), ([1, 3, 4, 64], "at least"),
        })
        {
            var images = zeros(shape);
            foreach (var call in new Action[] { () => network.Predict(images), () => network.PredictFinal(images) })
            {
                call.Should().Throw<ArgumentException>().WithMessage($"*{expected}*{(shape.Length == 4 && shape[1] == 3 ? $"{shape[2]}×{shape[3]}" : $"[{string.Join(", ", shape)}]")}*");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_network_has_a_decoder_that_reads_its_prediction(string name)
    {
        using var scope = NewDisposeScope();
        using var network = TinyNetworks.Build(name);
        network.Module.eval();
        var images = rand(2, 3, network.InputSize.Height, network.InputSize.Width);
        var people = network.CreateDecoder(new PoseInput()).DecodePeople(network.PredictFinal(images), network.InputSize);
        people.Should().HaveCount(2);
        people.SelectMany(p => p).Where(p => p.Keypoints.Count != network.Keypoints.Count).Should().BeEmpty();
        if (network is not OpenPose)
        {
            people.Should().OnlyContain(found => found.Count == 1, "a crop shows one person");
        }
    }

    private static IEnumerable<Tensor> Maps(PoseOutput output) =>
        output.Heatmaps.SelectMany(stage => stage).Concat(output.Extras.OrderBy(e => e.Key, StringComparer.Ordinal).SelectMany(e => e.Value));
}
