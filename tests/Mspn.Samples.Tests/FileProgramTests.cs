using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Mspn.Core;
using Mspn.Data;
using Mspn.Samples.Tests.Documentation;
using TorchSharp;

namespace Mspn.Samples.Tests;

/// <summary>Samples are compiled, tell what can be given to them, and work.</summary>
public sealed partial class FileProgramTests : IDisposable
{
    private const string Small = "--width 4 --blocks 1,1,1,1 --upsample 8 --size 64x64 --batch 8 --workers 1";
    private const string Data = "--annotations train.json --images photos";

    private readonly string _before = Directory.GetCurrentDirectory();
    private readonly TemporaryFolder _folder = new();

    public FileProgramTests() => Directory.SetCurrentDirectory(_folder.Path);

    public static TheoryData<string> All => [.. FileProgram.In("samples", "benchmarks", "assets")];

    public static TheoryData<string> Samples => [.. FileProgram.In("samples")];

    public void Dispose()
    {
        Directory.SetCurrentDirectory(_before);
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Programs_compile_and_name_projects_and_packages_that_there_are(string name)
    {
        var directives = FileProgram.Of(name).Directives;
        directives["project"].Where(project => !File.Exists(Repository.File(Path.GetDirectoryName(name)!, project))).Should().BeEmpty();
        var versions = File.ReadAllText(Repository.File("Directory.Packages.props"));
        directives["package"].Where(package => !versions.Contains($"Include=\"{package}\"", StringComparison.Ordinal)).Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Help_tells_of_every_option(string name)
    {
        var sample = FileProgram.Of(name);
        var (code, output, errors) = sample.Run("--help");
        (code, errors).Should().Be((0, string.Empty));
        output.Should().ContainAll(Option().Matches(sample.Source).Select(m => m.Groups[1].Value));
    }

    [Fact]
    public void A_network_is_trained_gone_on_with_and_scored()
    {
        Write("train.json", "val.json", "detections.json");

        Succeed("samples/train.cs", $"{Data} --val val.json --out run --epochs 1 {Small}").Should().Contain("5 steps").And.Contain("people, ground-truth boxes");
        foreach (var file in new[] { "weights.safetensors", "best.safetensors", "recipe.json", "curve.csv", "curve.png", "validation.png" })
        {
            File.Exists(Path.Combine("run", file)).Should().BeTrue(file);
        }
        Succeed("samples/train.cs", $"{Data} --out run --recipe run/recipe.json --epochs 2 --resume").Should().Contain("Resumed at step 5").And.Contain("10 steps");
        // There is nothing to resume, so it begins with the weights, from which it does not get far.
        Succeed("samples/train.cs", $"{Data} --out other --epochs 1 --resume --weights run/weights.safetensors --lr 1e-12 {Small}").Should().Contain("starting anew");
        Stem("other").Should().Equal(Stem("run"), (a, b) => Math.Abs(a - b) < 1e-6f);

        Succeed("samples/evaluate.cs", "--weights run/weights.safetensors --annotations val.json --images photos --json pck.json --worst worst.png");
        ((string?)JsonNode.Parse(File.ReadAllText("pck.json"))!["metric"]).Should().Be("pck");
        Succeed(
            "samples/evaluate.cs",
            "--weights run/weights.safetensors --annotations val.json --images photos --metric oks --boxes detections.json --results found.json --picture even.png");
        Succeed("samples/coco-eval.cs", "val.json found.json --json ap.json").Should().Contain("Average Precision");
        RgbImage.Load("worst.png").Size.Should().Be(RgbImage.Load("even.png").Size);

        static float[] Stem(string run)
        {
            using var scope = torch.NewDisposeScope();
            using var file = SafeTensorsFile.Open(Path.Combine(run, "weights.safetensors"));
            return file.Read("stem.conv.conv.weight").Floats();
        }
    }

    [Fact]
    public void What_a_network_sees_is_drawn()
    {
        Write("train.json");
        Succeed("samples/inspect-data.cs", $"{Data} --out crops.png --people 2 --versions 2");
        RgbImage.Load("crops.png").Size.Height.Should().BeGreaterThan(4 * 240);
    }

    [Fact]
    public void Variants_of_an_ablation_are_listed_once()
    {
        Write("train.json");
        Succeed("samples/ablation.cs", $"{Data} --val none.json --out study --stages 1,2 --aggregation on,off --list").Trim().Split('\n').Skip(1)
            .Select(line => line.Split(' ')[0]).Should().Equal("mspn1", "mspn2+aggregation+coarse-to-fine", "mspn2+coarse-to-fine");
    }

    [Theory]
    [InlineData("samples/train.cs", $"{Data} --out run --minutes 1 --epochs 1", "--minutes or for --epochs")]
    [InlineData("samples/train.cs", $"{Data} --out run --recipe official-coco --lr 0.1", "--recipe decides what --lr would")]
    [InlineData("samples/train.cs", $"{Data} --out run --device gpu", "--device must be cpu, cuda, cuda:1 (counted from 0) or mps, not 'gpu'")]
    [InlineData("samples/train.cs", $"{Data} --out run --size 64", "--size must look like 256x192")]
    [InlineData("samples/train.cs", $"{Data} --out run --size -64x64", "--size must look like 256x192")]
    [InlineData("samples/train.cs", $"{Data} --out run --blocks 1,0", "--blocks must look like 3,4,6,3")]
    [InlineData("samples/train.cs", "--annotations none.json --images photos --out run --size 64", "--size must look like 256x192")]
    [InlineData("samples/train.cs", "--annotations none.json --images photos --out run", "none.json")]
    [InlineData("samples/predict.cs", "--weights none.pth --jpeg 90 --sheet sheet.png photo.png", "--jpeg needs --out.")]
    [InlineData("samples/predict.cs", "--weights none.pth --annotations train.json photo.png", "--annotations needs --boxes.")]
    [InlineData("samples/predict.cs", "--weights none.pth --box-score 0.5 --box 1,2,3,4 photo.png", "--box-score needs --detector or --boxes.")]
    [InlineData("samples/predict.cs", "--weights none.pth --threshold 0.5 photo.png", "--threshold needs --out or --sheet.")]
    [InlineData("samples/train.cs", "--images photos --out run", "'--annotations' is required")]
    [InlineData("samples/evaluate.cs", $"--weights none.pth {Data} --baseline val.json --metric oks", "--baseline goes with --metric pck, not with oks")]
    [InlineData("samples/evaluate.cs", $"--weights none.pth {Data} --boxes found.json", "--metric pck compares each person with its own pose")]
    [InlineData("samples/evaluate.cs", $"--weights none.pth {Data}", "none.pth")]
    [InlineData("samples/ablation.cs", $"{Data} --val val.json --out study --preset none", "stages, coarse-to-fine, aggregation, paper-small")]
    [InlineData("samples/inspect-data.cs", $"{Data} --people 0", "at least 1")]
    public void What_cannot_be_done_is_an_error_in_a_line(string name, string arguments, string message)
    {
        Write("train.json");
        var (code, _, errors) = FileProgram.Of(name).Run(arguments.Split(' '));
        code.Should().Be(1);
        errors.Should().Contain(message);
        errors.Trim().Split('\n').Should().ContainSingle();
    }

    [SkippableTheory]
    [InlineData("cuda")]
    [InlineData("cuda:7")]
    public void A_device_that_is_not_there_is_an_error_that_says_so(string device)
    {
        Skip.If(torch.cuda.is_available());
        FluentActions.Invoking(() => DeviceArgument.Parse(device)).Should().Throw<ArgumentException>().WithMessage($"--device {device}: *0 CUDA devices*TorchSharp-cpu*");
    }

    [Fact]
    public void The_processor_is_a_device() => DeviceArgument.Parse("cpu").type.Should().Be(DeviceType.CPU);

    private static void Write(params string[] files) => SnippetFiles.Write(Directory.GetCurrentDirectory(), string.Join(' ', files.Select(file => $"\"{file}\"")));

    private static string Succeed(string name, string arguments)
    {
        var (code, output, errors) = FileProgram.Of(name).Run(arguments.Split(' '));
        (code, errors).Should().Be((0, string.Empty), "it wrote {0}", output);
        return output;
    }

    [GeneratedRegex("""new Option<[^(]*>\("(--[a-z0-9-]+)"\)(?! \{ Hidden)""")]
    private static partial Regex Option();
}
