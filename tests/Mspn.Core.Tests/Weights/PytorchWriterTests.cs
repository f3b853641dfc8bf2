using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Weights;

public sealed class PytorchWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    private string Path => _folder.File("new", "weights.pth");

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(SafeTensorsRoundTripTests.Types), MemberType = typeof(SafeTensorsRoundTripTests))]
    public void Every_type_comes_back_bit_for_bit(ScalarType type)
    {
        var original = (arange(-30, 30, ScalarType.Float32) * 1.37).reshape(3, 4, 5).to(type);
        var read = RoundTrip(original);
        read.dtype.Should().Be(type);
        read.shape.Should().Equal(3, 4, 5);
        read.Bytes().Should().Equal(original.Bytes());
    }

    [Fact]
    public void Scalars_empty_tensors_and_other_layouts_come_back()
    {
        RoundTrip(tensor(2.5)).Doubles().Should().Equal(2.5);
        RoundTrip(zeros(0, 3)).shape.Should().Equal(0, 3);
        var original = arange(24).reshape(2, 3, 4);
        RoundTrip(original.permute(2, 0, 1)).Bytes().Should().Equal(original.permute(2, 0, 1).Bytes());
        RoundTrip(ones(2, 2, requires_grad: true)).Floats().Should().Equal(1, 1, 1, 1);
    }

    [Fact]
    public void Names_come_back_in_order()
    {
        PytorchWriter.Write(Path, [new("z.weight", ones(2, 3)), new("ä", zeros(4, ScalarType.Int64)), new("a", ones(1))]);
        using var file = WeightFile.Open(Path);
        file.Should().BeOfType<PytorchFile>();
        file.Names.Should().Equal("z.weight", "ä", "a");
        file.Read("z.weight").Floats().Should().Equal(1, 1, 1, 1, 1, 1);
    }

    [Fact]
    public void A_whole_network_comes_back()
    {
        using var network = TinyNetworks.Mspn(seed: 1);
        using var other = TinyNetworks.Mspn(seed: 2);
        PytorchWriter.Write(Path, NetworkWeights.Of(network));
        using var file = WeightFile.Open(Path);
        NetworkWeights.Load(other, file);
        TensorBytes.ShouldBeSame(TensorBytes.Snapshot(other), TensorBytes.Snapshot(network));
    }

    [Fact]
    public void Storages_begin_at_multiples_of_64_bytes()
    {
        // Bytes that occur nowhere else mark the beginnings.
        var marks = Enumerable.Range(0, 20).Select(i => KeyValuePair.Create($"t{i}", full(3 + i, 0x5a3c7e0f10203040 + i, ScalarType.Int64)));
        PytorchWriter.Write(Path, marks);
        var bytes = File.ReadAllBytes(Path);
        for (var i = 0; i < 20; i++)
        {
            var mark = BitConverter.GetBytes(0x5a3c7e0f10203040 + i);
            (bytes.AsSpan().IndexOf(mark) % 64).Should().Be(0, "storage {0} begins so", i);
        }
    }

    [Fact]
    public void Types_that_are_not_written_are_refused()
    {
        var write = () => PytorchWriter.Write(Path, [new("c", zeros(2, ScalarType.ComplexFloat32))]);
        write.Should().Throw<ArgumentException>();
        Directory.Exists(_folder.File("new")).Should().BeFalse();
    }

    [Fact]
    public void A_failed_write_leaves_the_old_file()
    {
        PytorchWriter.Write(Path, [new("a", ones(1))]);
        var before = File.ReadAllBytes(Path);
        Directory.CreateDirectory(Path + ".partial");
        var write = () => PytorchWriter.Write(Path, [new("a", zeros(1))]);
        write.Should().Throw<PoseDataException>().WithMessage($"{Path}*");
        File.ReadAllBytes(Path).Should().Equal(before);
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
        PytorchWriter.Write(Path, [new("t", original)]);
        using var file = PytorchFile.Open(Path);
        return file.Read("t");
    }
}
