using Mspn.Core.Tests.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Networks;

public class MultiStageNetworkTests
{
    public static TheoryData<long[]> WrongShapes => [new long[] { 3, 64, 64 }, new long[] { 1, 1, 64, 64 }];

    [Theory]
    [InlineData(64, 64, true)]
    [InlineData(64, 64, false)]
    [InlineData(100, 68, true)]
    [InlineData(32, 128, true)]
    public void Every_stage_and_scale_has_maps_of_a_quarter_of_the_input(int height, int width, bool aggregation)
    {
        using var scope = NewDisposeScope();
        using var network = TinyNetworks.Mspn(
            TinyNetworks.Options with { InputSize = new ImageSize(height, width), CrossStageAggregation = aggregation, Stages = 3 });
        network.HeatmapSize.Should().Be(new ImageSize(height / 4, width / 4));
        var output = network.Predict(rand(2, 3, height, width));
        output.Heatmaps.Should().HaveCount(3).And.OnlyContain(stage => stage.Count == 4);
        output.Heatmaps.SelectMany(s => s).Should().OnlyContain(m => m.shape.SequenceEqual(new long[] { 2, 17, height / 4, width / 4 }));
    }

    [Theory]
    [InlineData(64, 64)]
    [InlineData(100, 68)]
    public void The_final_map_is_the_last_stages_finest(long height, long width)
    {
        using var scope = NewDisposeScope();
        using var network = TinyNetworks.Mspn();
        network.eval();
        var images = rand(2, 3, height, width);
        var output = network.Predict(images);
        output.Final.Should().BeSameAs(output.Heatmaps[^1][^1]);
        network.PredictFinal(images).Final.Floats().Should().Equal(output.Final.Floats());
    }

    [Fact]
    public void Without_aggregation_there_are_no_such_parameters_and_other_numbers()
    {
        using var scope = NewDisposeScope();
        using var with = TinyNetworks.Mspn();
        using var without = TinyNetworks.Mspn(TinyNetworks.Options with { CrossStageAggregation = false });
        with.Aggregation.Should().NotBeNull();
        without.Aggregation.Should().BeNull();
        var rest = NetworkWeights.Of(with).Keys.Where(k => !k.StartsWith("aggregation.", StringComparison.Ordinal)).ToArray();
        rest.Should().BeEquivalentTo(NetworkWeights.Of(without).Keys);
        rest.Length.Should().BeLessThan(NetworkWeights.Of(with).Count);
    }

    [Fact]
    public void Aggregation_changes_only_later_stages()
    {
        using var scope = NewDisposeScope();
        using var with = TinyNetworks.Mspn();
        using var without = TinyNetworks.Mspn(TinyNetworks.Options with { CrossStageAggregation = false });
        using (no_grad())
        {
            var source = NetworkWeights.Of(with);
            foreach (var (name, tensor) in NetworkWeights.Of(without))
            {
                tensor.copy_(source[name]);
            }
        }
        with.eval();
        without.eval();
        var images = rand(1, 3, 64, 64);
        var (a, b) = (with.Predict(images), without.Predict(images));
        a.Heatmaps[0].Zip(b.Heatmaps[0]).Should().OnlyContain(p => p.First.Bytes().SequenceEqual(p.Second.Bytes()));
        a.Heatmaps[1].Zip(b.Heatmaps[1]).Should().OnlyContain(p => !p.First.Bytes().SequenceEqual(p.Second.Bytes()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Stages_of_different_kinds_follow_one_another(bool aggregation)
    {
        using var scope = NewDisposeScope();
        using var network = new MultiStageNetwork(
            new PatchStem(6),
            [OtherParts.Stage(6, [5, 7, 9], [3, 2, 4]), SingleStageModule.Mspn(4, [1, 2, 1], 8), OtherParts.Stage(2, [4, 4, 4], [5, 5, 5])],
            KeypointSchemas.Mpii16,
            aggregation ? new CrossStageAggregation() : null,
            new ImageSize(64, 48));
        var output = network.Predict(rand(2, 3, 64, 48));
        output.Heatmaps.Should().HaveCount(3).And.OnlyContain(stage => stage.Count == 3);
        output.Final.shape.Should().Equal(2, 16, 16, 12);
        EveryParameterShouldHaveAGradient(network, output);
    }

    public static IEnumerable<object[]> Arrangements =>
        from first in new[] { "mspn", "rsn", "hourglass" }
        from second in new[] { "mspn", "rsn", "hourglass" }
        from aggregation in new[] { true, false }
        from supervision in Enum.GetValues<Supervision>()
        select new object[] { first, second, aggregation, supervision };

    [Theory]
    [MemberData(nameof(Arrangements))]
    public void Any_single_stage_module_follows_any_other_with_and_without_aggregation_and_supervision(
        string first, string second, bool aggregation, Supervision supervision)
    {
        static SingleStageModule Stage(string kind) => kind switch
        {
            "mspn" => SingleStageModule.Mspn(4, [1, 1, 1, 1], 8),
            "rsn" => SingleStageModule.WithPyramid(StageEncoder.ResidualSteps([1, 1, 1, 1], 4, branchChannels: 2), 8),
            _ => SingleStageModule.Hourglass(channels: 4, depth: 3),
        };
        using var scope = NewDisposeScope();
        using var network = new MultiStageNetwork(
            new ResNetStem(4), [Stage(first), Stage(second)], KeypointSchemas.Mpii16, aggregation ? new CrossStageAggregation() : null,
            new ImageSize(64, 64), supervision: supervision);
        var output = network.Predict(rand(2, 3, 64, 64));
        output.Heatmaps.Select(stage => stage.Count).Should().Equal(supervision switch
        {
            Supervision.EveryScale => [4, 4],
            Supervision.EveryStage => [1, 1],
            _ => new[] { 1 },
        });
        output.Final.shape.Should().Equal(2, 16, 16, 16);
        EveryParameterShouldHaveAGradient(network, output);
    }

    [Theory]
    [MemberData(nameof(WrongShapes))]
    public void Images_of_another_shape_are_refused_with_both_shapes(long[] shape)
    {
        using var scope = NewDisposeScope();
        using var network = TinyNetworks.Mspn();
        var images = zeros(shape);
        foreach (var call in new Action[] { () => network.Predict(images), () => network.PredictFinal(images), () => network.call(images) })
        {
            call.Should().Throw<ArgumentException>().WithMessage($"*[N, 3, H, W]*[{string.Join(", ", shape)}]*");
        }
    }

    [Theory]
    [InlineData(66, 64)]
    [InlineData(64, 31)]
    [InlineData(28, 64)]
    public void Images_of_an_impossible_size_are_refused_with_both_sizes(long height, long width)
    {
        using var scope = NewDisposeScope();
        using var network = TinyNetworks.Mspn();
        var images = zeros(1, 3, height, width);
        network.Invoking(n => n.Predict(images)).Should().Throw<ArgumentException>().WithMessage($"*multiples of 4*32*{height}×{width}*");
    }

    [Fact]
    public void A_stem_that_does_not_fit_the_first_stage_is_an_error()
    {
        using var stem = new ResNetStem(8);
        using var stage = SingleStageModule.Mspn(4, [1, 1], 8);
        var build = () => new MultiStageNetwork(stem, [stage], KeypointSchemas.Coco17);
        build.Should().Throw<ArgumentException>().WithMessage("*8 channels*expects 4*");
    }

    [Fact]
    public void A_network_needs_a_stage()
    {
        using var stem = new ResNetStem(8);
        var build = () => new MultiStageNetwork(stem, [], KeypointSchemas.Coco17);
        build.Should().Throw<ArgumentException>().WithMessage("*at least one stage*");
    }

    [Fact]
    public void A_link_that_concatenates_takes_what_there_is_of_an_unsupervised_stage()
    {
        using var scope = NewDisposeScope();
        using var network = new MultiStageNetwork(
            new ResNetStem(4), [SingleStageModule.Mspn(4, [1, 1], 8), SingleStageModule.Mspn(4, [1, 1], 8)], KeypointSchemas.Coco17,
            inputSize: new ImageSize(64, 64), link: place => new ConcatenationLink(place), supervision: Supervision.FinalOnly);
        network.Predict(rand(2, 3, 64, 64)).Heatmaps.Should().ContainSingle();
    }

    [Fact]
    public void One_stage_needs_no_aggregation()
    {
        using var scope = NewDisposeScope();
        using var network = TinyNetworks.Mspn(TinyNetworks.Options with { Stages = 1 });
        network.Aggregation.Should().BeNull();
        network.Links.Should().BeEmpty();
        network.Predict(rand(1, 3, 64, 64)).Heatmaps.Should().ContainSingle();
    }

    [Fact]
    public void The_parts_can_be_looked_at()
    {
        using var network = TinyNetworks.Mspn();
        network.Stem.OutChannels.Should().Be(4);
        network.Stages.Should().HaveCount(2);
        network.Links.Should().ContainSingle();
        network.Heads[1].Maps.Should().HaveCount(4);
        ((IPoseNetwork)network).Module.Should().BeSameAs(network);
    }

    [Fact]
    public void Predictions_free_what_they_make()
    {
        using var images = rand(2, 3, 64, 64);
        using var network = TinyNetworks.Mspn();
        LiveTensors.ShouldNotGrowDuring(() =>
        {
            using (network.Predict(images))
            using (network.PredictFinal(images))
            {
            }
        });
    }

    [Fact]
    public void A_network_built_in_a_dispose_scope_outlives_it()
    {
        MspnNetwork network;
        using (NewDisposeScope())
        {
            network = TinyNetworks.Mspn();
        }
        using var scope = NewDisposeScope();
        network.PredictFinal(rand(2, 3, 64, 64)).Final.shape.Should().Equal(2, 17, 16, 16);
        network.Dispose();
    }

    private static void EveryParameterShouldHaveAGradient(nn.Module network, PoseOutput output)
    {
        var loss = output.Heatmaps.SelectMany(s => s).Select(m => m.square().mean()).Aggregate((a, b) => a + b);
        loss.backward();
        network.named_parameters().Where(p => p.parameter.grad is null).Select(p => p.name).Should().BeEmpty();
    }
}
