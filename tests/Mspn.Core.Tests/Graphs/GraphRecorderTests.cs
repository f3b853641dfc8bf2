using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Mspn.Core.Tests;

public sealed class GraphRecorderTests
{
    public static TheoryData<string> Networks => [.. TinyNetworks.All.Keys];

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_recorded_graph_computes_what_the_network_computes(string name)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var network = TinyNetworks.Build(name);
        Liveliness.Give(network.Module);
        using var graph = GraphRecorder.Record(network);
        network.Module.training.Should().BeTrue("its mode is restored");
        network.Module.eval();
        var images = randn(2, 3, network.InputSize.Height, network.InputSize.Width);
        var expected = network.PredictFinal(images);
        ShouldGive(graph, images, expected, 1e-6);

        BatchNormalizationFolding.Apply(graph);
        IdentityRemoval.Apply(graph);
        ShouldGive(graph, images, expected, 1e-5);
        graph.Nodes.Should().NotContain(node => node.Operation is IdentityOperation);
        graph.Nodes.Select(node => node.Name).Should().OnlyHaveUniqueItems();
        if (!name.StartsWith("hourglass", StringComparison.Ordinal) && !name.StartsWith("cpn", StringComparison.Ordinal))
        {
            graph.Nodes.Should().NotContain(node => node.Operation is BatchNormalizationOperation);
        }
    }

    [Fact]
    public void Heads_that_do_not_reach_the_prediction_are_no_part_of_it()
    {
        using var network = TinyNetworks.Mspn(TinyNetworks.Options with { Stages = 2 });
        using var graph = GraphRecorder.Record(network);
        graph.Nodes.Should().Contain(node => node.Name.StartsWith("heads.1.", StringComparison.Ordinal));
        graph.Nodes.Should().NotContain(node => node.Name.StartsWith("heads.0.", StringComparison.Ordinal));
        graph.Nodes.Should().Contain(node => node.Name == "stages.1.encoder.levels.0.0.conv1.conv");
    }

    [Fact]
    public void Parts_of_the_callers_own_are_recorded_if_they_are_made_of_layers()
    {
        using var network = OwnLevels.Network(new OwnLevel(Conv2d(4, 8, 3, padding: 1, stride: 2), ReLU()));
        using var graph = GraphRecorder.Record(network);
        graph.Nodes.Should().Contain(node => node.Name == "stages.0.encoder.levels.1.first");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Folding_leaves_the_numbers_where_a_layer_has_two_normalisations_or_counts_other_channels(bool twice)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var network = OwnLevels.Network(twice ? new UsedTwice() : new OverColumns());
        Liveliness.Give(network);
        using var graph = GraphRecorder.Record(network);
        network.eval();
        var images = randn(2, 3, 64, 64);
        BatchNormalizationFolding.Apply(graph);
        ShouldGive(graph, images, network.PredictFinal(images), 1e-5);
    }

    [Fact]
    public void A_foreign_operation_is_an_error_that_names_its_module()
    {
        using var network = OwnLevels.Network(new OwnLevel(Conv2d(4, 8, 3, padding: 1, stride: 2), new Foreign(inPlace: false)));
        var record = () => GraphRecorder.Record(network);
        record.Should().Throw<NotSupportedException>().WithMessage("*Foreign 'stages.0.encoder.levels.1.second' cannot be recorded*");
        network.training.Should().BeTrue();
    }

    [Fact]
    public void A_foreign_operation_in_place_is_noticed_by_what_comes_out()
    {
        using var network = OwnLevels.Network(new OwnLevel(Conv2d(4, 8, 3, padding: 1, stride: 2), new Foreign(inPlace: true)));
        var record = () => GraphRecorder.Record(network);
        record.Should().Throw<NotSupportedException>().WithMessage("*give other heatmaps*in place*");
    }

    [Fact]
    public void After_an_error_nothing_is_recorded_any_more()
    {
        using var network = OwnLevels.Network(new OwnLevel(Conv2d(4, 8, 3, padding: 1, stride: 2), new Foreign(inPlace: false)));
        network.Invoking(n => GraphRecorder.Record(n)).Should().Throw<NotSupportedException>();
        GraphRecorder.Current.Should().BeNull();
        using var images = zeros(1, 3, 64, 64);
        using var output = network.Predict(images);
    }

    [Fact]
    public void A_recording_frees_what_it_makes()
    {
        using var network = TinyNetworks.Mspn();
        LiveTensors.ShouldNotGrowDuring(() =>
        {
            using var graph = GraphRecorder.Record(network);
            BatchNormalizationFolding.Apply(graph);
        });
    }

    [Fact]
    public void Images_of_another_size_are_an_error()
    {
        using var network = TinyNetworks.Mspn();
        using var graph = GraphRecorder.Record(network);
        using var images = zeros(1, 3, 64, 96);
        var run = () => new GraphRunner(graph).Run(images);
        run.Should().Throw<ArgumentException>().WithMessage("*3, 64, 64*3, 64, 96*");
    }

    private static void ShouldGive(NetworkGraph graph, Tensor images, PoseOutput expected, double tolerance)
    {
        var found = new GraphRunner(graph).Run(images);
        found.Keys.Should().BeEquivalentTo([NetworkGraph.Heatmaps, .. expected.Extras.Keys]);
        foreach (var (name, map) in found)
        {
            var reference = name == NetworkGraph.Heatmaps ? expected.Final : expected.FinalExtra(name);
            var difference = (map - reference).abs().max().item<float>();
            var largest = reference.abs().max().item<float>();
            largest.Should().BePositive();
            difference.Should().BeLessThanOrEqualTo((float)(tolerance * largest), name);
        }
    }

    private sealed class OwnLevel : Module<Tensor, Tensor>
    {
        private readonly Conv2d first;
        private readonly Module<Tensor, Tensor> second;

        public OwnLevel(Conv2d first, Module<Tensor, Tensor> second)
            : base(nameof(OwnLevel))
        {
            (this.first, this.second) = (first, second);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => second.call(first.call(input));
    }

    private sealed class Foreign(bool inPlace) : Module<Tensor, Tensor>(nameof(Foreign))
    {
        public override Tensor forward(Tensor input) => inPlace ? input.tanh_() : input.tanh();
    }
}
