using System.Numerics;
using TorchSharp;
using static Mspn.Testing.RawCheckpoint;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Weights;

public sealed class PytorchFileTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData("N", null)]
    [InlineData("N(0", null)]
    [InlineData("\x88", true)]
    [InlineData("I00\n", false)]
    [InlineData("K\xff", 255L)]
    [InlineData("M\xff\xff", 65535L)]
    [InlineData("J\xfe\xff\xff\xff", -2L)]
    [InlineData("I-12\n", -12L)]
    [InlineData("L34L\n", 34L)]
    [InlineData("\x8a\x02\x00\x80", -32768L)]
    [InlineData("\x8a\x00", 0L)]
    [InlineData("G\x3f\xf8\0\0\0\0\0\0", 1.5)]
    [InlineData("F2.5\n", 2.5)]
    [InlineData("X\x02\0\0\0\xc3\xa9", "é")]
    [InlineData("\x8c\x01x", "x")]
    [InlineData("U\x01x", "x")]
    [InlineData("C\x02xy", new byte[] { 120, 121 })]
    [InlineData("c_codecs\nencode\n(X\x01\0\0\0xX\x06\0\0\0latin1tR", new byte[] { 120 })]
    [InlineData("(NK\x01t", new object?[] { null, 1L })]
    [InlineData("](NK\u0001e", new object?[] { null, 1L })]
    [InlineData("c__builtin__\nset\n(](K\u0001etR", new object?[] { 1L })]
    [InlineData("ctorch\nSize\n((K\x01K\x02ttR", new object?[] { 1L, 2L })]
    [InlineData("ctorch\ndevice\n(X\x04\0\0\0cudaK\x01tR", "cuda:1")]
    [InlineData("cnumpy.core.multiarray\nscalar\n(cnumpy\ndtype\n(X\x02\0\0\0f4\x89\x88tR(K\x03X\x01\0\0\0<NNNK\0K\0K\0tbC\x04\0\0\x20\x40tR", 2.5)]
    [InlineData("cnumpy._core.multiarray\nscalar\n(cnumpy\ndtype\n(X\x02\0\0\0i1\x89\x88tRC\x01\xfftR", -1L)]
    public void Plain_values_are_read(string code, object? expected) => ((PytorchFile)Open(Zip(code))).Value("").Should().BeEquivalentTo(expected);

    [Fact]
    public void Numbers_of_any_length_are_read() =>
        ((PytorchFile)Open(Zip("\x8a\x09\0\0\0\0\0\0\0\0\x40"))).Value("").Should().Be(BigInteger.Pow(2, 70));

    [Fact]
    public void Values_are_found_by_their_paths()
    {
        var file = (PytorchFile)Open(Zip(
            $"ccollections\nOrderedDict\n)Rq\0({Text("a")}](K\x05}}(K\x07{Text("seven")}ue{Text("b/c[0]")}K\x06u}}{Text("_metadata")}Nsb"));
        file.Names.Should().BeEmpty();
        file.Value("a[0]").Should().Be(5L);
        file.Value("a[1]/7").Should().Be("seven");
        file.Value("b/c[0]").Should().Be(6L);
        file.Value("a").Should().BeAssignableTo<IReadOnlyList<object?>>();
        file.Value("").Should().BeAssignableTo<IReadOnlyDictionary<string, object?>>();
        new[] { "x", "a[2]", "a[-1]", "a[x]", "a/b", "_metadata", "a[0]/x", "[0]" }.Should().OnlyContain(p => file.Value(p) == null);
    }

    [Fact]
    public void Arrays_of_NumPy_are_kept_as_stored()
    {
        var array = (NumpyArray)((PytorchFile)Open(Zip(
            "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\0tC\u0001btR(K\x01(K\x01K\x02tcnumpy\ndtype\n(X\x02\0\0\0u1\x89\x88tR\u0089C\x02\x05\x06tb")))
            .Value("")!;
        array.Type.Should().Be("u1");
        array.Shape.Should().Equal(1, 2);
        array.IsColumnOrder.Should().BeFalse();
        array.Data.ToArray().Should().Equal(5, 6);
    }

    [Fact]
    public void Training_logs_of_mmengine_are_passed_over()
    {
        const string History = "cmmengine.logging.history_buffer\nHistoryBuffer\n";
        using var file = Open(Zip(
            $"}}({Text("log")}{History})\x81}}{Text("min")}c__builtin__\ngetattr\n({History}{Text("min")}tRsb{Text("w")}{Tensor("0", 1, [1], [1])}u",
            ("0", Bytes(3))));
        file.Names.Should().Equal("w");
        ((PytorchFile)file).Value("log").Should().BeNull();
    }

    [Fact]
    public void Views_of_storages_in_files_of_old_are_read()
    {
        var tensor = Tensor("7", 6, [2, 2], [2, 1], legacy: true).Replace("NtQ", $"({Text("view")}{Number(1)}{Number(5)}ttQ");
        Open(Legacy(tensor, ("7", [0, 1, 2, 3, 4, 5]))).Read("").Floats().Should().Equal(1, 2, 3, 4);
    }

    [Fact]
    public void Any_view_is_read_in_row_order_and_into_any_tensor()
    {
        using var file = Open(Zip(Tensor("0", 8, [2, 3], [1, 2], start: 1), ("0", Bytes(0, 1, 2, 3, 4, 5, 6, 7))));
        file.Read("").Floats().Should().Equal(1, 3, 5, 2, 4, 6);
        foreach (var target in new[] { zeros(2, 3), zeros(3, 2).t(), zeros(2, 3, ScalarType.Float64), zeros(2, 3, requires_grad: true) })
        {
            file.ReadInto("", target);
            target.Floats().Should().Equal(1, 3, 5, 2, 4, 6);
        }
        file.Invoking(f => f.ReadInto("", zeros(3, 2))).Should().Throw<ArgumentException>().WithMessage("*[2, 3], not [3, 2]*");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Only_what_is_asked_for_is_read(bool legacy)
    {
        const int Few = 1000;
        const int Many = 4_000_000;
        string TensorOf(string key, int count) => Tensor(key, count, [count], [1], legacy: legacy);
        var code = $"}}({Text("model")}}}{Text("module.w")}{TensorOf("0", Few)}s{Text("optimizer")}}}{Text("m")}{TensorOf("1", Many)}su";
        var content = legacy
            ? Legacy(code, ("1", new float[Many]), ("0", new float[Few]))
            : Zip(code, ("1", Bytes(new float[Many])), ("0", Bytes(new float[Few])));
        using var stream = new CountingStream(content);
        using var file = WeightFile.Open("counted", stream);
        var layout = CheckpointLayout.Of(file);
        layout.Weights.Names.Should().Equal("w");
        layout.HasOptimizer.Should().BeTrue();
        layout.Weights.Read("w").numel().Should().Be(Few);
        stream.Count.Should().BeInRange(4 * Few, 200_000);
    }

    private sealed class CountingStream(byte[] content) : MemoryStream(content)
    {
        public long Count { get; private set; }

        public override int Read(byte[] buffer, int offset, int count) => Counted(base.Read(buffer, offset, count));

        public override int Read(Span<byte> buffer) => Counted(base.Read(buffer));

        private int Counted(int read)
        {
            Count += read;
            return read;
        }
    }
}
