using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using Mspn.Data;

namespace Mspn.Samples.Tests;

/// <summary>
/// Runs the notebook's cells one after another in one state, as .NET Interactive does. With <c>MSPN_NOTEBOOK_OUTPUTS=1</c> their output is written into the notebook.
/// </summary>
public class ThreeIdeasTests
{
    private const string Picture = "^<img src=\"data:image/(?:png|jpeg);base64,([^\"]+)\">$";
    private const long LargestFile = 300 * 1024;

    private static readonly ScriptOptions Options = ScriptOptions.Default
        .WithReferences(((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(p => Path.GetFileName(p))
            .Where(name => name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Mspn.", StringComparison.Ordinal)
                || name is "TorchSharp.dll" or "SkiaSharp.dll" or "netstandard.dll")
            .Select(name => Assembly.Load(Path.GetFileNameWithoutExtension(name))))
        .WithImports(typeof(NotebookDisplay).Namespace!);

    [Fact]
    public async Task Every_cell_runs_and_the_pictures_come_out()
    {
        var notebook = new Notebook(NotebookFile());
        var pictures = new List<RgbImage>();
        ScriptState<object>? state = null;
        foreach (var (i, cell) in notebook.Cells.Index())
        {
            var (shown, written) = (NotebookDisplay.Shown, new StringWriter());
            shown.Clear();
            var console = Console.Out;
            Console.SetOut(written);
            try
            {
                state = state is null
                    ? await CSharpScript.RunAsync(Notebook.Program(cell), Options)
                    : await state.ContinueWithAsync(Notebook.Program(cell), Options);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Code cell {i + 1} failed: {e.Message}\n{Notebook.Source(cell)}", e);
            }
            finally
            {
                Console.SetOut(console);
            }
            foreach (var html in shown)
            {
                var picture = Regex.Match(html, Picture);
                picture.Success.Should().BeTrue("code cell {0} shows pictures", i + 1);
                pictures.Add(SkiaImageCodec.Instance.Decode(Convert.FromBase64String(picture.Groups[1].Value), $"picture of cell {i + 1}"));
            }
            Notebook.SetOutputs(cell, i + 1, written.ToString(), shown);
        }
        pictures.Should().HaveCount(7).And.OnlyContain(p => p.Pixels.Distinct().Count() > 2, "none is blank");
        if (Environment.GetEnvironmentVariable("MSPN_NOTEBOOK_OUTPUTS") == "1")
        {
            notebook.Save();
        }
    }

    [Fact]
    public void It_is_a_notebook_for_dotnet_interactive_with_outputs_of_moderate_size()
    {
        var notebook = new Notebook(NotebookFile());
        ((int)notebook.Document["nbformat"]!).Should().Be(4);
        ((string?)notebook.Document["metadata"]!["kernelspec"]!["name"]).Should().Be(".net-csharp");
        notebook.Cells.Select(c => (int?)c["execution_count"]).Should().Equal(Enumerable.Range(1, notebook.Cells.Count).Select(n => (int?)n), "all outputs are of one run");
        new FileInfo(NotebookFile()).Length.Should().BeLessThan(LargestFile);
    }

    [Fact]
    public void The_assemblies_that_it_refers_to_are_those_that_the_samples_build()
    {
        var notebook = new Notebook(NotebookFile());
        var references = notebook.Cells.SelectMany(c => Notebook.Source(c).Split('\n')).Where(l => l.StartsWith("#r \"Shared/bin", StringComparison.Ordinal))
            .Select(l => Path.GetFileNameWithoutExtension(l.Split('"')[1])).ToArray();
        references.Should().HaveCount(6).And.OnlyContain(name => Assembly.Load(name) != null);
        references.Should().Contain(typeof(CurveChart).Assembly.GetName().Name);
    }

    private static string NotebookFile([CallerFilePath] string source = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(source)!, "..", "..", "samples", "three-ideas.ipynb"));
}
