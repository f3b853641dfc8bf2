using System.IO.Compression;
using TorchSharp;
using static Mspn.Testing.RawCheckpoint;

namespace Mspn.Core.Tests.Weights;

public class BrokenCheckpointTests
{
    private static readonly byte[] Four = Bytes(1, 2, 3, 4);

    [Theory]
    [InlineData("cos\nsystem\n", "'os.system'")]
    [InlineData("cbuiltins\neval\n", "'builtins.eval'")]
    [InlineData("ctorch.storage\n_load_from_bytes\n", "'torch.storage._load_from_bytes'")]
    [InlineData("cnumpy.testing\nrunstring\n", "'numpy.testing.runstring'")]
    [InlineData("c__builtin__\ngetattr\n(]]tR", "asks for an attribute")]
    [InlineData("ctorch\nFloatStorage\n)R", "FloatStorage")]
    [InlineData("ctorch\nComplexFloatStorage\n", "real numbers")]
    [InlineData("ios\nsystem\n", "0x69")]
    [InlineData("\x82\x01", "0x82")]
    [InlineData("\x80\x06", "protocol 6")]
    [InlineData("X\xff\xff\xff\x7f", "announced")]
    [InlineData("\x8e\xff\xff\xff\xff\xff\xff\xff\xff", "announced")]
    [InlineData("\x8b\xff\xff\xff\xff", "announced")]
    [InlineData("Lx\n", "number")]
    [InlineData("h\x07", "memo 7")]
    [InlineData("", "missing")]
    [InlineData("t", "mark")]
    [InlineData("N(\x85", "missing")]
    [InlineData("NNa", "list")]
    [InlineData("NNNs", "dictionary")]
    [InlineData("}(Nu", "without a value")]
    [InlineData("}]Ns", "neither text nor a number")]
    [InlineData("}NNsNNs", "'None' twice")]
    [InlineData("NNR", "arguments")]
    [InlineData("N)R", "call")]
    [InlineData("NQ", "not a storage")]
    [InlineData("]Nb", "state")]
    public void Code_that_does_more_than_describe_data_is_refused(string code, string problem) => ShouldBeRefused(Zip(code), problem);

    [Theory]
    [InlineData(new long[] { 5 }, new long[] { 1 }, 0, "outside")]
    [InlineData(new long[] { 2 }, new long[] { 4 }, 0, "outside")]
    [InlineData(new long[] { 4 }, new long[] { 1 }, 1, "outside")]
    [InlineData(new long[] { 1L << 62 }, new long[] { 1L << 62 }, 0, "impossible shape")]
    [InlineData(new long[] { 1L << 31, 2 }, new long[] { long.MaxValue, 1 }, 0, "outside")]
    [InlineData(new long[] { 4 }, new long[] { 1 }, long.MaxValue, "outside")]
    [InlineData(new long[] { 4 }, new long[] { 1 }, -1, "impossible shape")]
    [InlineData(new long[] { -1 }, new long[] { 1 }, 0, "impossible shape")]
    [InlineData(new long[] { 2 }, new long[] { -1 }, 1, "impossible shape")]
    [InlineData(new long[] { 2 }, new long[] { 1, 1 }, 0, "impossible shape")]
    [InlineData(new long[] { 0, long.MaxValue, long.MaxValue }, new long[] { 1, 1, 1 }, 0, "impossible shape")]
    [InlineData(new long[] { 1L << 40 }, new long[] { 0 }, 0, "proportion")]
    public void Tensors_outside_their_storage_are_refused(long[] shape, long[] strides, long start, string problem) =>
        ShouldBeRefused(Zip(Tensor("0", 4, shape, strides, start), ("0", Four)), problem);

    [Fact]
    public void Tensors_have_at_most_64_dimensions()
    {
        long[] ones = [.. Enumerable.Repeat(1L, 65)];
        Open(Zip(Tensor("0", 4, ones[1..], ones[1..]), ("0", Four))).Read("").shape.Should().HaveCount(64);
        ShouldBeRefused(Zip(Tensor("0", 4, ones, ones), ("0", Four)), "impossible shape");
    }

    [Fact]
    public void Containers_in_themselves_are_refused()
    {
        ShouldBeRefused(Zip("]q\0h\0a"), "nested");
        ShouldBeRefused(Zip($"}}q\0{Text("self")}h\0s"), "nested");
        ShouldBeRefused(Zip(new string(']', 100_000) + new string('a', 99_999)), "nested");
    }

    [Fact]
    public void Containers_that_multiply_are_refused() =>
        ShouldBeRefused(Zip(")q\0" + string.Concat(Enumerable.Repeat("h\0h\0\x86q\0", 50))), "nested");

    [Fact]
    public void Copies_that_multiply_are_refused()
    {
        var many = $"]({new string('N', 100_000)}eq\0";
        ShouldBeRefused(Zip(many + string.Concat(Enumerable.Repeat("c__builtin__\ntuple\n(h\0tR", 1000))), "instructions");
        ShouldBeRefused(Zip(many + string.Concat(Enumerable.Repeat(Tensor("0", 4, [1], [1])[..^("\x89}tR".Length + Tuple(1).Length)] + "h\0tR", 1000))), "");
    }

    [Fact]
    public void Keys_have_a_limit() => ShouldBeRefused(Zip($"}}{Text(new string('k', 5000))}Ns"), "4096 characters");

    [Fact]
    public void Two_tensors_of_one_name_are_refused()
    {
        var tensor = Tensor("0", 4, [4], [1]);
        ShouldBeRefused(Zip($"}}{Text("a/b")}{tensor}s{Text("a")}}}{Text("b")}{tensor}ss", ("0", Four)), "'a/b' appears twice");
    }

    [Fact]
    public void Archives_that_PyTorch_does_not_write_are_refused()
    {
        var pickle = Code("N.");
        ShouldBeRefused(Zip([("a/other", pickle)]), "0 files data.pkl");
        ShouldBeRefused(Zip([("a/data.pkl", pickle), ("b/data.pkl", pickle)]), "2 files data.pkl");
        ShouldBeRefused(Zip([("a/data.pkl", pickle), ("a/data.pkl", pickle)]), "twice");
        ShouldBeRefused(Zip([("a/data.pkl", pickle), ("a/byteorder", Code("big"))]), "little-endian");
    }

    [Fact]
    public void Compressed_archives_are_read_in_proportion()
    {
        var tensor = Code(Tensor("0", 1 << 20, [1 << 19, 2], [2, 1]) + ".");
        var sound = Zip([("a/data.pkl", tensor), ("a/data/0", new byte[1 << 22])], CompressionLevel.Fastest);
        sound.Length.Should().BeLessThan(1 << 17);
        using (var file = Open(sound))
        {
            using var read = file.Read("");
            read.Bytes().Should().OnlyContain(b => b == 0);
        }
        var bomb = Code(Tensor("0", 1 << 23, [1 << 23], [1]) + ".");
        ShouldBeRefused(Zip([("a/data.pkl", bomb), ("a/data/0", new byte[1 << 25])], CompressionLevel.Fastest), "proportion");
    }

    [Fact]
    public void Files_of_old_are_checked_too()
    {
        string Tensors(long count, string type = "FloatStorage") => Tensor("7", count, [2], [1], type: type, legacy: true);
        Open(Legacy(Tensors(4), ("7", [1, 2, 3, 4]))).Read("").Floats().Should().Equal(1, 2);
        ShouldBeRefused(Legacy(Tensors(5), ("7", [1, 2, 3, 4])), "should have 5 elements");
        ShouldBeRefused(Legacy(Tensors(4)), "missing");
        ShouldBeRefused(Legacy(Tensors(4), ("8", [1, 2, 3, 4])), "belongs to no tensor");
        ShouldBeRefused(Legacy(Tensors(4), ("7", [1, 2, 3, 4]), ("7", [1, 2, 3, 4])), "twice");
        ShouldBeRefused(Legacy($"{Tensors(4)}{Tensors(4, "LongStorage")}\x86", ("7", [1, 2, 3, 4])), "two ways");
        ShouldBeRefused(Legacy(Tensors(4), ("7", [1, 2, 3, 4]))[..^1], "bytes are left");
    }

    private static void ShouldBeRefused(byte[] content, string problem)
    {
        var open = () => Open(content).Dispose();
        var tensors = torch.Tensor.TotalCount;
        open.Should().ThrowExactly<PoseDataException>().WithMessage($"raw: *{problem}*");
        torch.Tensor.TotalCount.Should().BeLessThanOrEqualTo(tensors);
    }
}
