namespace Mspn.Core.Tests.Native;

public class ElfSymbolVersionsTests
{
    [SkippableFact]
    public void One_flag_of_the_real_library_changes_and_nothing_else()
    {
        var original = Bridge.Read();
        var relaxed = (byte[])original.Clone();
        ElfSymbolVersions.MakeWeak(relaxed, NativeTorchLoader.MissingVersion).Should().Be(1);
        var changed = Enumerable.Range(0, original.Length).Where(i => original[i] != relaxed[i]).ToArray();
        changed.Should().ContainSingle();
        relaxed[changed[0]].Should().Be((byte)(original[changed[0]] | 2));
    }

    [SkippableFact]
    public void A_version_that_is_not_asked_for_changes_nothing()
    {
        var original = Bridge.Read();
        var bytes = (byte[])original.Clone();
        ElfSymbolVersions.MakeWeak(bytes, "GLIBCXX_9.9.9").Should().Be(0);
        bytes.AsSpan().SequenceEqual(original).Should().BeTrue();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(4096)]
    public void Bytes_that_are_no_ELF_file_are_left_alone(int length)
    {
        var bytes = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();
        var before = (byte[])bytes.Clone();
        ElfSymbolVersions.MakeWeak(bytes, NativeTorchLoader.MissingVersion).Should().Be(0);
        bytes.Should().Equal(before);
    }
}
