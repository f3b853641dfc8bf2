using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Graphs;

public sealed class PreparedNetworkTests
{
    public static TheoryData<string> Names => [.. TinyNetworks.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_predicts_what_the_network_predicts(string name)
    {
        using var scope = NewDisposeScope();
        var network = Lively(name);
        using var images = randn(3, 3, 64, 64);
        var expected = Predict(network, images);
        using var exact = new PreparedNetwork(network);
        using var fast = new PreparedNetwork(network, NumericPrecision.Fast);
        // Weights of its own: the network may go.
        network.Dispose();
        ShouldBe(exact.PredictFinal(images), expected, 1e-5);
        // bfloat16 has 8 significant bits; the largest error of 20 networks was 0.04 of the largest value.
        ShouldBe(fast.PredictFinal(images), expected, 0.1);
        fast.PredictFinal(images).Final.dtype.Should().Be(ScalarType.Float32);
    }

    [Theory]
    [InlineData(true, false, false, false)]
    [InlineData(false, true, false, false)]
    [InlineData(false, true, true, false)]
    [InlineData(true, false, true, true)]
    public void Every_step_may_be_left_out(bool everyMap, bool folds, bool channelsLast, bool fuses)
    {
        using var scope = NewDisposeScope();
        using var network = Lively("mspn");
        using var images = randn(2, 3, 64, 64);
        var steps = new Preparation { EveryMap = everyMap, Folds = folds, ChannelsLast = channelsLast, Fuses = fuses };
        using var prepared = new PreparedNetwork(network, steps);
        ShouldBe(prepared.PredictFinal(images), Predict(network, images), 1e-5);
    }

    [Theory]
    [InlineData("mspn", 96, 64)]
    [InlineData("mspn", 100, 68)]
    [InlineData("rsn, two stages, refine machine", 36, 132)]
    [InlineData("cpn", 76, 92)]
    [InlineData("openpose", 72, 120)]
    [InlineData("hourglass, aggregation, every scale", 64, 128)]
    [InlineData("hourglass, aggregation, every scale", 68, 100)]
    public void Images_of_other_sizes_are_taken_if_that_was_asked_for(string name, int height, int width)
    {
        using var scope = NewDisposeScope();
        using var network = Lively(name);
        using var any = new PreparedNetwork(network, anySize: true);
        foreach (var (h, w) in new[] { (height, width), (64, 64), (height, width) })
        {
            using var images = randn(2, 3, h, w);
            ShouldBe(any.PredictFinal(images), Predict(network, images), 1e-5);
        }
        using var single = new PreparedNetwork(network);
        single.Invoking(n => n.PredictFinal(zeros(1, 3, height, width))).Should().Throw<ArgumentException>()
            .WithMessage($"*[N, 3, 64, 64], given [1, 3, {height}, {width}]*");
        any.Invoking(n => n.PredictFinal(zeros(1, 3, 60, 61))).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void A_network_in_double_precision_stays_so()
    {
        using var scope = NewDisposeScope();
        using var network = Lively("mspn");
        network.Module.to(ScalarType.Float64);
        using var images = randn(2, 3, 64, 64, ScalarType.Float64);
        using var prepared = new PreparedNetwork(network);
        ShouldBe(prepared.PredictFinal(images), Predict(network, images), 1e-13);
    }

    [Fact]
    public void Threads_may_share_it()
    {
        using var scope = NewDisposeScope();
        using var network = Lively("mspn");
        using var prepared = new PreparedNetwork(network, NumericPrecision.Fast, anySize: true);
        using var images = randn(2, 3, 64, 96);
        var expected = prepared.PredictFinal(images).Final.data<float>().ToArray();
        var found = new float[8][];
        Parallel.For(0, found.Length, i =>
        {
            using var own = NewDisposeScope();
            for (var round = 0; round < 5; round++)
            {
                found[i] = prepared.PredictFinal(images).Final.data<float>().ToArray();
            }
        });
        found.Should().OnlyContain(values => values.SequenceEqual(expected));
    }

    [Fact]
    public void After_its_end_it_says_so()
    {
        using var network = Lively("mspn");
        using var images = zeros(1, 3, 64, 64);
        var prepared = new PreparedNetwork(network);
        prepared.Dispose();
        prepared.Dispose();
        prepared.Invoking(p => p.PredictFinal(images)).Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public void Everything_is_freed_with_it()
    {
        using var network = Lively("mspn");
        LiveTensors.ShouldNotGrowDuring(() =>
        {
            using var scope = NewDisposeScope();
            using var prepared = new PreparedNetwork(network);
            prepared.PredictFinal(zeros(1, 3, 64, 64));
        });
    }

    [Theory]
    [InlineData("mspn")]
    [InlineData("hourglass, aggregation, every scale")]
    public void Code_is_made_once_for_all_networks_of_a_kind(string name)
    {
        // libtorch frees no code: what differs from one preparation to the next must not be written into it.
        using var first = Lively(name);
        using var second = Lively(name);
        Runner(first).Should().BeSameAs(Runner(second));

        static jit.ScriptModule Runner(IPoseNetwork network)
        {
            using var graph = GraphRecorder.Record(network);
            BatchNormalizationFolding.Apply(graph);
            ConvolutionFusion.Apply(graph);
            var script = ScriptWriter.Write(graph);
            return ScriptModules.Get(script.Parameters, script.Body);
        }
    }

    private static IPoseNetwork Lively(string name)
    {
        var network = TinyNetworks.Build(name);
        Liveliness.Give(network.Module);
        network.Module.eval();
        return network;
    }

    private static PoseOutput Predict(IPoseNetwork network, Tensor images)
    {
        using var noGradients = no_grad();
        return network.PredictFinal(images);
    }

    private static void ShouldBe(PoseOutput found, PoseOutput expected, double tolerance)
    {
        found.Extras.Keys.Should().BeEquivalentTo(expected.Extras.Keys);
        ShouldBe(found.Final, expected.Final, tolerance);
        foreach (var name in expected.Extras.Keys)
        {
            ShouldBe(found.FinalExtra(name), expected.FinalExtra(name), tolerance);
        }
    }

    private static void ShouldBe(Tensor found, Tensor expected, double tolerance)
    {
        found.shape.Should().Equal(expected.shape);
        var largest = expected.abs().max().to(ScalarType.Float64).item<double>();
        largest.Should().BePositive();
        ((found - expected).abs().max().to(ScalarType.Float64).item<double>() / largest).Should().BeLessThan(tolerance);
    }
}
