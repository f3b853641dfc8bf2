using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Weights;

/// <summary>What every format of weight files has to hold.</summary>
public abstract class WeightWriterTests : IDisposable
{
    private readonly string _extension;
    private readonly DisposeScope _scope = NewDisposeScope();

    protected WeightWriterTests(string extension) => _extension = extension;

    public static TheoryData<ScalarType> Types =>
    [
        ScalarType.Float64, ScalarType.Float32, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Int64, ScalarType.Int32,
        ScalarType.Int16, ScalarType.Int8, ScalarType.Byte, ScalarType.Bool,
    ];

    protected TemporaryFolder Folder { get; } = new();

    /// <summary>A file in a folder that does not exist yet.</summary>
    protected string Place => Folder.File("new", "weights" + _extension);

    public void Dispose()
    {
        _scope.Dispose();
        Folder.Dispose();
        GC.SuppressFinalize(this);
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
    public void Parameters_with_gradients_can_be_written() => RoundTrip(ones(2, 2, requires_grad: true)).Floats().Should().Equal(1, 1, 1, 1);

    [Fact]
    public void Names_come_back_in_order()
    {
        Write(Place, new("z.weight", ones(2, 3)), new("ä", zeros(4, ScalarType.Int64)), new("a", ones(1)));
        using var file = WeightFile.Open(Place);
        file.Names.Should().Equal("z.weight", "ä", "a");
        file.Shape("z.weight").Should().Equal(2, 3);
        file.Read("z.weight").Floats().Should().Equal(1, 1, 1, 1, 1, 1);
        file.Read("ä").Bytes().Should().OnlyContain(b => b == 0);
    }

    [Fact]
    public void A_whole_network_comes_back()
    {
        using var network = TinyNetworks.Mspn(seed: 1);
        using var other = TinyNetworks.Mspn(seed: 2);
        Write(Place, [.. NetworkWeights.Of(network)]);
        using var file = WeightFile.Open(Place);
        NetworkWeights.Load(other, file);
        TensorBytes.ShouldBeSame(TensorBytes.Snapshot(other), TensorBytes.Snapshot(network));
    }

    [Fact]
    public void Types_that_are_not_written_are_refused()
    {
        var write = () => Write(Place, new KeyValuePair<string, Tensor>("c", zeros(2, ScalarType.ComplexFloat32)));
        write.Should().Throw<ArgumentException>();
        Directory.Exists(Folder.File("new")).Should().BeFalse();
    }

    [Fact]
    public void Missing_folders_are_made_and_no_partial_file_stays()
    {
        Write(Place, new KeyValuePair<string, Tensor>("a", ones(1)));
        Directory.GetFiles(Folder.File("new")).Should().Equal(Place);
    }

    [Fact]
    public void A_path_below_a_file_cannot_be_written()
    {
        File.WriteAllText(Folder.File("new"), "x");
        var write = () => Write(Place, new KeyValuePair<string, Tensor>("a", ones(1)));
        write.Should().Throw<PoseDataException>().Which.SourceName.Should().Be(Place);
    }

    [Fact]
    public void A_failed_write_leaves_the_old_file()
    {
        Write(Place, new KeyValuePair<string, Tensor>("a", ones(1)));
        var before = File.ReadAllBytes(Place);
        Directory.CreateDirectory(Place + ".partial");
        var write = () => Write(Place, new KeyValuePair<string, Tensor>("a", zeros(1)));
        write.Should().Throw<PoseDataException>().WithMessage($"{Place}*");
        File.ReadAllBytes(Place).Should().Equal(before);
    }

    [Fact]
    public void A_write_beside_another_of_the_same_file_fails_and_leaves_the_other_alone()
    {
        Directory.CreateDirectory(Folder.File("new"));
        using var other = new FileStream(Place + ".partial", FileMode.Create, FileAccess.Write, FileShare.None);
        other.Write([1, 2, 3]);
        other.Flush();
        var write = () => Write(Place, new KeyValuePair<string, Tensor>("a", ones(1)));
        write.Should().Throw<PoseDataException>().WithMessage($"{Place}*");
        new FileInfo(Place + ".partial").Length.Should().Be(3);
    }

    [Fact]
    public void Two_tensors_of_one_name_are_refused()
    {
        var write = () => Write(Place, new("a", ones(1)), new("b", ones(1)), new("a", zeros(1)));
        write.Should().Throw<ArgumentException>().WithMessage("*'a'*");
        Directory.Exists(Folder.File("new")).Should().BeFalse();
    }

    [Fact]
    public void Tensors_are_read_to_the_CPU_whatever_the_default_device()
    {
        Write(Place, new KeyValuePair<string, Tensor>("a", ones(2)));
        var before = get_default_device();
        try
        {
            set_default_device(META);
            using var file = WeightFile.Open(Place);
            file.Read("a").Floats().Should().Equal(1, 1);
        }
        finally
        {
            set_default_device(before);
        }
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

    protected abstract void Write(string path, params KeyValuePair<string, Tensor>[] tensors);

    private Tensor RoundTrip(Tensor original)
    {
        Write(Place, new KeyValuePair<string, Tensor>("t", original));
        using var file = WeightFile.Open(Place);
        return file.Read("t");
    }
}
