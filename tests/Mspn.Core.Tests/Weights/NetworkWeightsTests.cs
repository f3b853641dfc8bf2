using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Weights;

public sealed class NetworkWeightsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly MspnNetwork _network = TinyNetworks.Mspn(seed: 1);
    private readonly MspnNetwork _other = TinyNetworks.Mspn(seed: 2);

    private string Path => _folder.File("weights.safetensors");

    public void Dispose()
    {
        _network.Dispose();
        _other.Dispose();
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void All_parameters_and_buffers_are_live()
    {
        var weights = NetworkWeights.Of(_network);
        weights.Should().HaveCount(_network.named_parameters().Count() + _network.named_buffers().Count());
        weights.Keys.Should().Contain("stem.conv.conv.weight").And.Contain("stem.conv.bn.running_mean");
        weights["stem.conv.conv.weight"].Handle.Should().Be(_network.named_parameters().First(p => p.name == "stem.conv.conv.weight").parameter.Handle);
    }

    [Fact]
    public void Loading_makes_two_networks_equal()
    {
        SafeTensorsWriter.Write(Path, NetworkWeights.Of(_network));
        Load();
        TensorBytes.ShouldBeSame(TensorBytes.Snapshot(_other), TensorBytes.Snapshot(_network));
    }

    [Fact]
    public void With_a_prefix_other_tensors_are_ignored()
    {
        SafeTensorsWriter.Write(
            Path, NetworkWeights.Of(_network).Select(p => KeyValuePair.Create("model/" + p.Key, p.Value)).Append(new("other", zeros(1))));
        Load("model/");
        TensorBytes.ShouldBeSame(TensorBytes.Snapshot(_other), TensorBytes.Snapshot(_network));
    }

    [Fact]
    public void Half_precision_weights_are_widened()
    {
        SafeTensorsWriter.Write(Path, NetworkWeights.Of(_network).Select(p => KeyValuePair.Create(
            p.Key, p.Value.is_floating_point() ? p.Value.to(ScalarType.Float16) : p.Value)));
        Load();
        Kernel(_other).dtype.Should().Be(ScalarType.Float32);
        Kernel(_other).Floats().Should()
            .Equal(Kernel(_network).to(ScalarType.Float16).Floats());
    }

    [Fact]
    public void Missing_weights_are_listed() =>
        ShouldBeRefused(weights => weights.Remove("stem.conv.conv.bias"), "1 missing: stem.conv.conv.bias");

    [Fact]
    public void Unexpected_weights_are_listed() =>
        ShouldBeRefused(weights => weights["surplus.weight"] = zeros(1), "1 unexpected: surplus.weight");

    [Fact]
    public void Weights_of_another_shape_are_listed_with_both_shapes() => ShouldBeRefused(
        weights => weights["stem.conv.conv.bias"] = zeros(9), "1 of another shape: stem.conv.conv.bias (file [9], network [4])");

    [Fact]
    public void Many_missing_weights_are_counted()
    {
        var missing = NetworkWeights.Of(_network).Count;
        ShouldBeRefused(weights => weights.Clear(), $"{missing} missing: *and {missing - 5} more");
    }

    private static Tensor Kernel(nn.Module network) => NetworkWeights.Of(network)["stem.conv.conv.weight"];

    private void Load(string prefix = "")
    {
        using var file = SafeTensorsFile.Open(Path);
        NetworkWeights.Load(_other, file, prefix);
    }

    private void ShouldBeRefused(Action<Dictionary<string, Tensor>> change, string problem)
    {
        var weights = NetworkWeights.Of(_network).ToDictionary();
        change(weights);
        SafeTensorsWriter.Write(Path, weights);
        var before = TensorBytes.Snapshot(_other);
        var load = () => Load();
        load.Should().Throw<PoseDataException>().WithMessage($"{Path}: *{problem}*");
        TensorBytes.ShouldBeSame(TensorBytes.Snapshot(_other), before);
    }
}
