using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Weights;

public sealed class PytorchWriterTests() : WeightWriterTests(".pth")
{
    [Fact]
    public void Files_are_recognised()
    {
        Write(Place, new KeyValuePair<string, Tensor>("a", ones(1)));
        using var file = WeightFile.Open(Place);
        file.Should().BeOfType<PytorchFile>();
    }

    [Fact]
    public void Storages_begin_at_multiples_of_64_bytes()
    {
        // Bytes that occur nowhere else mark the beginnings.
        Write(Place, [.. Enumerable.Range(0, 20).Select(i => KeyValuePair.Create($"t{i}", full(3 + i, 0x5a3c7e0f10203040 + i, ScalarType.Int64)))]);
        var bytes = File.ReadAllBytes(Place);
        for (var i = 0; i < 20; i++)
        {
            var mark = BitConverter.GetBytes(0x5a3c7e0f10203040 + i);
            (bytes.AsSpan().IndexOf(mark) % 64).Should().Be(0, "storage {0} begins so", i);
        }
    }

    protected override void Write(string path, params KeyValuePair<string, Tensor>[] tensors) => PytorchWriter.Write(path, tensors);
}
