namespace Mspn.Samples.Tests.Documentation;

/// <summary>What can be seen of the pages without running anything.</summary>
public class PageTests
{
    public static TheoryData<string> Pages => [.. Repository.Pages];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_into_the_repository_lead_somewhere(string name)
    {
        var page = new MarkdownPage(name);
        foreach (var link in page.Links.Where(l => !l.Contains("://", StringComparison.Ordinal)))
        {
            var (path, anchor) = link.Split('#') is [var file, var place] ? (file, place) : (link, null);
            var target = path.Length == 0 ? Repository.File(name) : Path.GetFullPath(Path.Combine(page.Folder, path));
            (File.Exists(target) || Directory.Exists(target)).Should().BeTrue("{0} links to {1}", name, link);
            if (anchor is not null)
            {
                new MarkdownPage(Path.GetRelativePath(Repository.File(), target)).Anchors.Should().Contain(anchor, "{0} links to {1}", name, link);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Tables_have_as_many_cells_in_every_row(string name)
    {
        foreach (var table in new MarkdownPage(name).Tables)
        {
            table.Count.Should().BeGreaterThan(2, "{0} has a table that begins with {1}", name, table[0]);
            table[1].Should().MatchRegex(@"^[|\-: ]+$", "a table's second line is a rule");
            table.Select(row => row.Trim().Split('|').Length).Distinct().Should().ContainSingle("{0} has a table that begins with {1}", name, table[0]);
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Blocks_say_what_they_are(string name) =>
        new MarkdownPage(name).Blocks.Select(b => b.Language).Should().BeSubsetOf(["csharp", "sh", "json", "xml", "text"]);

    [Fact]
    public void Every_page_is_reached_from_the_first() =>
        new MarkdownPage("README.md").Links.Should().Contain(Repository.Pages.Where(p => p != "README.md"));
}
