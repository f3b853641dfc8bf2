using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Weights;

public sealed class SafeTensorsRoundTripTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<ScalarType> Types =>
    [
        ScalarType.Float64, ScalarType.Float32, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Int64, ScalarType.Int32,
        ScalarType.Int16, ScalarType.Int8, ScalarType.Byte, ScalarType.Bool,
    ];

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_type_comes_back_bit_for_bit(ScalarType type)
    {
        var original = (arange(-30, 30, ScalarType.Float32) * 1.37).reshape(3, 4, 5).to(type);
        var read = RoundTrip(original);
        read.dtype.Should().Be(type);
        read.shape.Should().Equal(3, 4, 5);
        read.Bytes().Should().Equal(original.Bytes());
    }

    [Fact]
    public void Scalars_and_empty_tensors_come_back()
    {
        var scalar = RoundTrip(tensor(2.5));
        scalar.shape.Should().BeEmpty();
        scalar.item<double>().Should().Be(2.5);
        RoundTrip(zeros(0, 3)).shape.Should().Equal(0, 3);
    }

    [Fact]
    public void Tensors_of_any_layout_are_written_in_row_order()
    {
        var original = arange(24).reshape(2, 3, 4);
        RoundTrip(original.permute(2, 0, 1)).Bytes().Should().Equal(original.permute(2, 0, 1).contiguous().Bytes());
        RoundTrip(original.select(1, 1)).Bytes().Should().Equal(original.select(1, 1).contiguous().Bytes());
    }

    [Fact]
    public void Parameters_with_gradients_can_be_written()
    {
        var original = ones(2, 2, requires_grad: true);
        RoundTrip(original).Floats().Should().Equal(1, 1, 1, 1);
    }

    [Fact]
    public void Names_order_metadata_and_shapes_come_back()
    {
        var path = _folder.File("a.safetensors");
        var metadata = new Dictionary<string, string> { ["format"] = "pt", ["note"] = "ä \"quoted\" \n line" };
        SafeTensorsWriter.Write(path, [new("z.weight", ones(2, 3)), new("a", zeros(4, ScalarType.Int64))], metadata);
        using var file = SafeTensorsFile.Open(path);
        file.Names.Should().Equal("z.weight", "a");
        file.Metadata.Should().BeEquivalentTo(metadata);
        file.Shape("z.weight").Should().Equal(2, 3);
        file.Type("a").Should().Be(ScalarType.Int64);
        file.Contains("a").Should().BeTrue();
        file.Contains("b").Should().BeFalse();
        file.Read("a").Bytes().Should().OnlyContain(b => b == 0);
        file.Read("z.weight").Floats().Should().OnlyContain(v => v == 1);
    }

    [Fact]
    public void A_file_without_tensors_or_metadata_is_sound()
    {
        var path = _folder.File("empty.safetensors");
        SafeTensorsWriter.Write(path, []);
        using var file = SafeTensorsFile.Open(path);
        file.Names.Should().BeEmpty();
        file.Metadata.Should().BeEmpty();
    }

    [Fact]
    public void Types_that_the_format_lacks_are_refused()
    {
        var write = () => SafeTensorsWriter.Write(_folder.File("c.safetensors"), [new("c", zeros(2, ScalarType.ComplexFloat32))]);
        write.Should().Throw<ArgumentException>();
        Directory.GetFiles(_folder.Path).Should().BeEmpty();
    }

    [Fact]
    public void Missing_folders_are_made_and_no_partial_file_stays()
    {
        var path = _folder.File("new", "deep", "a.safetensors");
        SafeTensorsWriter.Write(path, [new("a", ones(1))]);
        Directory.GetFiles(Path.GetDirectoryName(path)!).Should().Equal(path);
    }

    [Fact]
    public void A_path_below_a_file_cannot_be_written()
    {
        File.WriteAllText(_folder.File("file"), "x");
        var path = _folder.File("file", "a.safetensors");
        var write = () => SafeTensorsWriter.Write(path, [new("a", ones(1))]);
        write.Should().Throw<PoseDataException>().Which.SourceName.Should().Be(path);
    }

    [Fact]
    public void A_failed_write_leaves_the_old_file()
    {
        var path = _folder.File("a.safetensors");
        SafeTensorsWriter.Write(path, [new("a", ones(1))]);
        var before = File.ReadAllBytes(path);
        Directory.CreateDirectory(path + ".partial");
        var write = () => SafeTensorsWriter.Write(path, [new("a", zeros(1))]);
        write.Should().Throw<PoseDataException>().WithMessage($"{path}*");
        File.ReadAllBytes(path).Should().Equal(before);
    }

    [Fact]
    public void Writing_and_reading_free_what_they_make()
    {
        var original = ones(3, 4).t();
        LiveTensors.ShouldNotGrowDuring(() =>
        {
            using var scope = NewDisposeScope();
            RoundTrip(original);
        });
    }

    private Tensor RoundTrip(Tensor original)
    {
        var path = _folder.File("t.safetensors");
        SafeTensorsWriter.Write(path, [new("t", original)]);
        using var file = SafeTensorsFile.Open(path);
        return file.Read("t");
    }
}
