namespace Mspn.Data.Tests.Images;

public sealed class ImageFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("frame9.png", "frame10.png")]
    [InlineData("frame009.png", "frame10.png")]
    [InlineData("a2b10", "a10b2")]
    [InlineData("7", "a")]
    [InlineData("A1", "b1")]
    [InlineData("walk", "walk1")]
    [InlineData("01", "1")]
    [InlineData("99999999999999999999998", "99999999999999999999999")]
    [InlineData("B", "b")]
    public void Names_are_in_natural_order(string first, string second)
    {
        NaturalOrder.Instance.Compare(first, second).Should().BeNegative();
        NaturalOrder.Instance.Compare(second, first).Should().BePositive();
        NaturalOrder.Instance.Compare(first, first).Should().Be(0);
    }

    [Fact]
    public void Folders_patterns_and_files_can_be_mixed()
    {
        foreach (var name in new[] { "walk/f10.png", "walk/f9.PNG", "walk/f1.jpeg", "walk/notes.txt", "walk/.f2.png", "walk/deeper/f3.png", "b2.jpg", "b11.jpg", "c1.jpg" })
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(_folder.File(name))!);
            File.WriteAllText(_folder.File(name), "");
        }

        ImageFiles.Find([_folder.File("c1.jpg"), _folder.File("walk"), _folder.File("b*.jpg"), "missing.jpg", _folder.File("c1.jpg")]).Should().Equal(
            _folder.File("c1.jpg"), _folder.File("walk", "f1.jpeg"), _folder.File("walk", "f9.PNG"), _folder.File("walk", "f10.png"),
            _folder.File("b2.jpg"), _folder.File("b11.jpg"), "missing.jpg", _folder.File("c1.jpg"));
    }

    [Fact]
    public void A_folder_or_pattern_without_images_is_an_error_that_names_it()
    {
        FluentActions.Invoking(() => ImageFiles.Find([_folder.Path])).ShouldFailNaming(_folder.Path, "no images");
        FluentActions.Invoking(() => ImageFiles.Find([_folder.File("*.png")])).ShouldFailNaming(_folder.File("*.png"), "no images");
        FluentActions.Invoking(() => ImageFiles.Find([_folder.File("nowhere", "*.png")])).ShouldFailNaming(_folder.File("nowhere", "*.png"), "does not exist");
    }
}
