using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Weights;

public sealed class SafeTensorsWriterTests() : WeightWriterTests(".safetensors")
{
    [Fact]
    public void Metadata_shapes_and_types_come_back()
    {
        var metadata = new Dictionary<string, string> { ["format"] = "pt", ["note"] = "ä \"quoted\" \n line" };
        SafeTensorsWriter.Write(Place, [new("z.weight", ones(2, 3)), new("a", zeros(4, ScalarType.Int64))], metadata);
        using var file = SafeTensorsFile.Open(Place);
        file.Metadata.Should().BeEquivalentTo(metadata);
        file.Type("a").Should().Be(ScalarType.Int64);
        file.Contains("a").Should().BeTrue();
        file.Contains("b").Should().BeFalse();
    }

    [Fact]
    public void A_tensor_cannot_take_the_metadatas_place() =>
        FluentActions.Invoking(() => Write(Place, new KeyValuePair<string, Tensor>("__metadata__", ones(1))))
            .Should().Throw<ArgumentException>().WithMessage("*'__metadata__'*");

    [Fact]
    public void A_file_without_tensors_or_metadata_is_sound()
    {
        Write(Place);
        using var file = SafeTensorsFile.Open(Place);
        file.Names.Should().BeEmpty();
        file.Metadata.Should().BeEmpty();
    }

    protected override void Write(string path, params KeyValuePair<string, Tensor>[] tensors) => SafeTensorsWriter.Write(path, tensors);
}
