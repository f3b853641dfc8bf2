using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Mspn.Packages.Tests;

/// <summary>
/// The packages of this working copy under a version that never was before, so that no cache has another of that name, and a place for programs that
/// use them. Packing has output folders of its own: it neither reads nor touches those of the solution's build, which may be running.
/// </summary>
public sealed partial class PackageFeed : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _versions = XDocument.Load(RepositoryFile("Directory.Packages.props")).Descendants("PackageVersion")
        .ToDictionary(package => (string)package.Attribute("Include")!, package => (string)package.Attribute("Version")!);

    /// <summary>The packages' version.</summary>
    public string Version { get; } = $"0.0.0-test.{Guid.NewGuid():N}";

    public async Task InitializeAsync()
    {
        // Analyzers have nothing to say that the solution's build does not.
        await DotnetCommand.Run(
            RepositoryFile(), new Dictionary<string, string?>(), "pack", "src/Packages.slnf", "--artifacts-path", _folder.File("artifacts"), "--output", Packages,
            $"-p:Version={Version}", "-p:RunAnalyzers=false", "-p:NuGetAudit=false");
        new XDocument(new XElement(
            "configuration",
            new XElement("packageSources", Setting("packed", Packages)),
            new XElement("config", Setting("globalPackagesFolder", _folder.File("cache"))),
            new XElement("fallbackPackageFolders", Setting("machine", MachineCache)))).Save(_folder.File("nuget.config"));
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>A package's file.</summary>
    /// <param name="id">The package, such as <c>Mspn.Core</c>.</param>
    /// <param name="extension"><c>nupkg</c> or <c>snupkg</c>.</param>
    public string Package(string id, string extension = "nupkg") => Path.Combine(Packages, $"{id}.{Version}.{extension}");

    /// <summary>The packages' names.</summary>
    public IEnumerable<string> Ids => Directory.GetFiles(Packages, "*.nupkg").Select(file => Path.GetFileName(file)[..^$".{Version}.nupkg".Length]);

    /// <summary>Runs <c>dotnet</c> in a copy of one of the folders of <c>consumers</c>, in which every <c>VERSION</c> is replaced.</summary>
    /// <returns>Where the copy lies, and the output.</returns>
    public async Task<(string Folder, string Output)> Consume(string consumer, params string[] arguments)
    {
        var folder = Directory.CreateDirectory(_folder.File(consumer)).FullName;
        foreach (var file in Directory.GetFiles(RepositoryFile("tests", "Mspn.Packages.Tests", "consumers", consumer)))
        {
            var text = NamedVersion().Replace(await File.ReadAllTextAsync(file), match => _versions.GetValueOrDefault(match.Groups["id"].Value, Version));
            await File.WriteAllTextAsync(Path.Combine(folder, Path.GetFileName(file)), text);
        }
        // NuGet would prefer the variable to the file. File-based programs are built in the user's folder for local data, or for temporary files.
        var environment = new Dictionary<string, string?> { ["NUGET_PACKAGES"] = null };
        environment[OperatingSystem.IsWindows() ? "TMP" : "XDG_DATA_HOME"] = _folder.Path;
        return (folder, await DotnetCommand.Run(folder, environment, arguments));
    }

    internal static string RepositoryFile(params string[] parts) => Path.Combine([Path.GetFullPath(Path.Combine(Path.GetDirectoryName(SourceFile())!, "..", "..")), .. parts]);

    private string Packages => _folder.File("packages");

    private static string MachineCache => typeof(PackageFeed).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "NuGetPackageRoot").Value!;

    private static XElement Setting(string key, string value) => new("add", new XAttribute("key", key), new XAttribute("value", value));

    private static string SourceFile([CallerFilePath] string source = "") => source;

    [GeneratedRegex("(?<=(?<id>[\\w.-]+)(\" Version=\"|@))VERSION")]
    private static partial Regex NamedVersion();
}
