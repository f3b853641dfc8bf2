using Mspn.Core;
using Mspn.Data.Tests.Images;

namespace Mspn.Data.Tests.Annotations;

public sealed class NpyFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("array.npy");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("|b1", new byte[] { 0, 1 }, 0.0, 1.0)]
    [InlineData("|u1", new byte[] { 7, 255 }, 7.0, 255.0)]
    [InlineData("|i1", new byte[] { 7, 255 }, 7.0, -1.0)]
    [InlineData("<i2", new byte[] { 0, 1, 0xFE, 0xFF }, 256.0, -2.0)]
    [InlineData("<u2", new byte[] { 0, 1, 0xFE, 0xFF }, 256.0, 65534.0)]
    [InlineData("<i4", new byte[] { 1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF }, 1.0, -1.0)]
    [InlineData("<u4", new byte[] { 1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF }, 1.0, 4294967295.0)]
    [InlineData("<i8", new byte[] { 1, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF }, 1.0, -1.0)]
    [InlineData("<u8", new byte[] { 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0 }, 1.0, 256.0)]
    [InlineData("<f2", new byte[] { 0, 0x3C, 0, 0xC0 }, 1.0, -2.0)]
    [InlineData("<f4", new byte[] { 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0 }, 1.0, -2.0)]
    [InlineData("<f8", new byte[] { 0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0 }, 1.0, -2.0)]
    public void Numbers_of_every_type_are_read(string type, byte[] content, double first, double second)
    {
        var array = Load(NpyFiles.Of(type, "(2,)", content));

        array.Type.Should().Be(type);
        array.Shape.Should().Equal(2);
        array.Values.Should().Equal(first, second);
    }

    [Theory]
    [InlineData("()", 1, new int[0])]
    [InlineData("(0, 5)", 0, new[] { 0, 5 })]
    [InlineData("(2, 1, 3)", 6, new[] { 2, 1, 3 })]
    public void Any_number_of_dimensions_is_read(string text, int count, int[] shape)
    {
        var array = Load(NpyFiles.Of("|u1", text, new byte[count]));

        array.Shape.Should().Equal(shape);
        array.Values.Should().HaveCount(count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_version_of_the_format_is_read(byte version) =>
        Load(NpyFiles.Of("|u1", "(1,)", [9], version: version)).Values.Should().Equal(9);

    [Theory]
    [InlineData("|O", "(1,)", "False", "*|O*")]
    [InlineData(">f8", "(1,)", "False", "*>f8*")]
    [InlineData("<c8", "(1,)", "False", "*<c8*")]
    [InlineData("<f8", "(1, 1)", "True", "*ascontiguousarray*")]
    [InlineData("<f8", "(2,)", "False", "*[2]*8 bytes*")]
    [InlineData("<f8", "(2147483647, 2147483647, 2147483647)", "False", "*does not fill*")]
    [InlineData("<f8", "(9223372036854775807,)", "False", "*claims the shape*")]
    [InlineData("<f8", "(-1,)", "False", "*claims the shape*")]
    [InlineData("<f8", "(0, 2147483647)", "False", "*does not fill*")]
    public void What_is_not_read_is_refused_by_name(string type, string shape, string order, string problem) =>
        Loading(NpyFiles.Of(type, shape, new byte[8], order)).ShouldFailNaming(Path, problem);

    [Fact]
    public void Records_are_refused() =>
        Loading(NpyFiles.WithHeader("{'descr': [('x', '<f8')], 'fortran_order': False, 'shape': (1,), }", new byte[8])).ShouldFailNaming(Path, "records");

    [Fact]
    public void A_header_that_says_nothing_is_refused() => Loading(NpyFiles.WithHeader("{}", new byte[8])).ShouldFailNaming(Path, "its header cannot be read");

    [Fact]
    public void A_header_longer_than_the_file_is_refused() =>
        Loading([0x93, .. "NUMPY"u8, 2, 0, 0xFF, 0xFF, 0xFF, 0xFF]).ShouldFailNaming(Path, "*4294967295 bytes");

    [Fact]
    public void Another_version_is_refused() => Loading(NpyFiles.Of("|u1", "(1,)", [1], version: 4)).ShouldFailNaming(Path, "version 4");

    [Fact]
    public void Another_file_is_refused() => Loading([.. "something else altogether"u8]).ShouldFailNaming(Path, "*not a NumPy file");

    [Fact]
    public void A_missing_file_is_an_error_that_names_it() =>
        FluentActions.Invoking(() => { NpyFile.Load(Path); }).ShouldFailNaming(Path, "does not exist");

    [Fact]
    public void A_file_cut_anywhere_is_an_error_that_names_it()
    {
        var whole = NpyFiles.Of("<f4", "(2, 3)", new byte[24]);
        for (var kept = 0; kept < whole.Length; kept++)
        {
            Loading(whole[..kept]).ShouldFailNaming(Path);
        }
    }

    [Fact]
    public void A_shape_can_be_asked_for()
    {
        var array = Load(NpyFiles.Of("|u1", "(3, 2)", new byte[6]));

        array.OfShape("pairs", -1, 2).Should().BeSameAs(array);
        FluentActions.Invoking(() => { array.OfShape("pairs", -1, 3); }).ShouldFailNaming(Path, "pairs must have the shape *any, 3*, not *3, 2*");
        FluentActions.Invoking(() => { array.OfShape("pairs", 3, 2, 1); }).ShouldFailNaming(Path);
    }

    private NpyFile Load(byte[] content)
    {
        File.WriteAllBytes(Path, content);
        return NpyFile.Load(Path);
    }

    private Action Loading(byte[] content) => () => Load(content);
}
