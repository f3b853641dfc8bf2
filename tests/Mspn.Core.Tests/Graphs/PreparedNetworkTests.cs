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
        network.Module.Dispose();
        ShouldBe(exact.PredictFinal(images), expected, 1e-5);
        // bfloat16 has 8 significant bits; the largest error of 20 networks was 0.04 of the largest value.
        ShouldBe(fast.PredictFinal(images), expected, 0.1);
        fast.PredictFinal(images).Final.dtype.Should().Be(ScalarType.Float32);
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
        var largest = expected.abs().max().item<float>();
        largest.Should().BePositive();
        ((found - expected).abs().max().item<float>() / largest).Should().BeLessThan((float)tolerance);
    }
}
