using System.IO.Compression;
using System.Xml.Linq;

namespace Mspn.Packages.Tests;

public class PackageTests(PackageFeed feed) : IClassFixture<PackageFeed>
{
    private static readonly string[] Libraries = ["Mspn.Core", "Mspn.Data", "Mspn.Inference", "Mspn.Losses", "Mspn.Onnx", "Mspn.Training"];

    // None of them has a native library of torch or ONNX Runtime behind it.
    private static readonly string[] Managed =
    [
        "TorchSharp", "SharpZipLib", "Google.Protobuf", "SkiaSharp", "Microsoft.Extensions.Logging.Abstractions", "Microsoft.ML.OnnxRuntime.Managed", "System.Numerics.Tensors",
    ];

    [Fact]
    public void Only_libraries_are_packed() => feed.Ids.Should().BeEquivalentTo(Libraries);

    [Fact]
    public void Dependencies_are_managed()
    {
        foreach (var library in Libraries)
        {
            var dependencies = Nuspec(library).Descendants().Where(e => e.Name.LocalName == "dependency").ToDictionary(e => (string)e.Attribute("id")!, e => (string)e.Attribute("version")!);
            dependencies.Keys.Should().BeSubsetOf([.. Managed, .. Libraries], library);
            dependencies.Where(d => Libraries.Contains(d.Key)).Select(d => d.Value).Distinct().Should().BeSubsetOf([feed.Version], library);
        }
    }

    [Fact]
    public void Packages_tell_what_they_are()
    {
        foreach (var library in Libraries)
        {
            using var package = ZipFile.OpenRead(feed.Package(library));
            var files = package.Entries.Select(entry => entry.FullName);
            files.Should().Contain([$"lib/net10.0/{library}.dll", $"lib/net10.0/{library}.xml", "README.md", "icon.png"]).And.NotContain(file => file.StartsWith("runtimes/"));
            using var symbols = ZipFile.OpenRead(feed.Package(library, "snupkg"));
            symbols.Entries.Select(entry => entry.FullName).Should().Contain($"lib/net10.0/{library}.pdb");

            var metadata = Nuspec(library).Root!.Elements().Single().Elements().ToLookup(e => e.Name.LocalName);
            string Text(string element) => metadata[element].Should().ContainSingle($"{library} has one {element}").Which.Value;
            Text("license").Should().Be("Apache-2.0");
            Text("readme").Should().Be("README.md");
            Text("icon").Should().Be("icon.png");
            Text("description").Should().NotBe("Package Description").And.EndWith(".");
            // What the public gallery takes.
            Text("releaseNotes").Length.Should().BeInRange(100, 35_000);
            // An address of the web, or none, but not a folder of this machine.
            metadata["repository"].Attributes("url").Should().NotContain(url => !url.Value.StartsWith("https://"));
        }
    }

    [Fact]
    public async Task A_program_builds_networks_trains_saves_loads_and_estimates()
    {
        var (folder, output) = await feed.Consume("console", "run", "-c", "Release", "-warnaserror", "-p:NuGetAudit=false");
        output.ReplaceLineEndings("\n").Should().MatchRegex("""
            pose: 2 steps, loss \d+\.\d
            17 keypoints, as trained: True
            hourglass: 2 steps, loss \d+\.\d
            17 keypoints, as trained: True
            $
            """);
        File.ReadAllBytes(Path.Combine(folder, "pose.png")).Should().HaveCountGreaterThan(1000);
        // With links to libtorch, not copies.
        Directory.GetFiles(Path.Combine(folder, "bin"), "*", SearchOption.AllDirectories).Select(file => new FileInfo(file)).Where(file => file.LinkTarget is null)
            .Sum(file => file.Length).Should().BeLessThan(20_000_000);
    }

    [Fact]
    public async Task A_file_is_a_program()
    {
        var (_, output) = await feed.Consume("script", "run", "onnx.cs");
        output.Trim().Should().Be("17 keypoints, the same in both: True");
    }

    [Fact]
    public void Readmes_show_what_consumers_run()
    {
        var consumers = Directory.GetFiles(PackageFeed.RepositoryFile("tests", "Mspn.Packages.Tests", "consumers"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText);
        foreach (var library in Libraries)
        {
            var code = File.ReadAllText(PackageFeed.RepositoryFile("src", library, "README.md")).Split("```csharp\n")[1].Split("```")[0];
            code.Split('\n').Select(line => line.Split("  //")[0].Trim()).Should().OnlyContain(line => consumers.Any(text => text.Contains(line)), library);
        }
    }

    private XDocument Nuspec(string library)
    {
        using var package = ZipFile.OpenRead(feed.Package(library));
        using var stream = package.GetEntry($"{library}.nuspec")!.Open();
        return XDocument.Load(stream);
    }
}
