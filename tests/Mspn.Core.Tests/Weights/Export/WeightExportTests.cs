using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Weights.Export;

/// <summary>Networks written with other code's names and read back as if that code had written them.</summary>
public sealed class WeightExportTests : IDisposable
{
    private const string Safe = ".safetensors";

    // Those that no reference code can hold, and a word of the reason.
    private static readonly Dictionary<(string Name, WeightStyle Style), string> Refused = new()
    {
        [("mspn, basic blocks, without aggregation and biases", WeightStyle.Official)] = "Basic",
        [("mspn, basic blocks, without aggregation and biases", WeightStyle.Mmpose)] = "Basic",
        [("mspn, stride first, final supervision alone", WeightStyle.Official)] = "FinalOnly",
        [("mspn, stride first, final supervision alone", WeightStyle.Mmpose)] = "FinalOnly",
        [("mspn, refine machine", WeightStyle.Official)] = "heads.0.maps.0.head",
        [("rsn, two stages, refine machine", WeightStyle.Official)] = "heads.0.maps.0.head",
        [("mspn, offsets", WeightStyle.Official)] = "extras",
        [("mspn, offsets", WeightStyle.Mmpose)] = "extras",
        [("hourglass, wider below, two blocks", WeightStyle.Official)] = "one residual module",
        [("hourglass, aggregation, every scale", WeightStyle.Official)] = "EveryScale",
        [("hourglass, final supervision alone", WeightStyle.Official)] = "FinalOnly",
        [("cpn, offsets", WeightStyle.Official)] = "extras",
        [("simplebaseline, ResNet-18, offsets", WeightStyle.Official)] = "extras",
        [("simplebaseline, VGG-16", WeightStyle.Official)] = "Vgg-16",
        [("simplebaseline, VGG-19, four deconvolutions", WeightStyle.Official)] = "Vgg-19",
        [("openpose, other keypoints, offsets", WeightStyle.Official)] = "extras",
    };

    private readonly TemporaryFolder _folder = new();
    private readonly List<IPoseNetwork> _networks = [];
    private readonly DisposeScope _scope = NewDisposeScope();

    // As mmpose's networks are built: without biases in front of normalisations.
    private static IReadOnlyDictionary<string, PoseNetworkOptions> All { get; } = TinyNetworks.All.Concat(
        TinyNetworks.All.Where(n => n.Value is PyramidNetworkOptions { ConvolutionBias: true }).Select(n =>
            KeyValuePair.Create(n.Key + ", no biases", (PoseNetworkOptions)((PyramidNetworkOptions)n.Value with { ConvolutionBias = false }))))
        .Append(new("hourglass, bearpaw", new StackedHourglassOptions { InputSize = new ImageSize(64, 64), Channels = 8, StemChannels = 256, Blocks = 2 }))
        .ToDictionary();

    public static TheoryData<string, WeightStyle, string> Written => Cases(refused: false, ".safetensors", ".pth");

    public static TheoryData<string, WeightStyle, string> NotWritten => Cases(refused: true, ".pth");

    public void Dispose()
    {
        _networks.ForEach(network => network.Dispose());
        _scope.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Written))]
    public void Another_code_s_file_holds_the_same_network(string name, WeightStyle style, string extension)
    {
        var original = Trained(All[name]);
        var before = TensorBytes.Snapshot(original.Module);
        var first = Path("first", extension);
        WeightExport.Write(first, original, style);
        TensorBytes.ShouldBeSame(TensorBytes.Snapshot(original.Module), before);

        var theirs = Import(first, original.Options!);
        // Only the pyramids' codes differ in biases; everything else is bit for bit the same.
        var folded = original.Options is PyramidNetworkOptions { ConvolutionBias: true } && style == WeightStyle.Mmpose;
        ShouldGiveTheSame(theirs, original, folded ? 1e-5 : 0);

        // And back into the network that it came from, and out again.
        var again = Build(All[name]);
        again.Module.eval();
        using (var file = WeightFile.Open(first))
        {
            WeightImport.Load(again.Module, file, RecognizedNetwork.Of(file, again.Keypoints)!.Keys);
        }
        ShouldGiveTheSame(again, original, folded ? 1e-5 : 0);
        var second = Path("second", extension);
        WeightExport.Write(second, theirs, style);
        File.ReadAllBytes(second).AsSpan().SequenceEqual(File.ReadAllBytes(first)).Should().BeTrue();
    }

    [Theory]
    [MemberData(nameof(NotWritten))]
    public void A_network_that_the_code_does_not_have_is_refused(string name, WeightStyle style, string extension)
    {
        using var network = All[name].Build();
        var write = () => WeightExport.Write(Path("no", extension), network, style);
        var reason = Refused.GetValueOrDefault((Plain(name), style)) ?? "of these networks it has MSPN and RSN";
        write.Should().Throw<ArgumentException>().WithMessage($"*{reason}*");
        File.Exists(Path("no", extension)).Should().BeFalse();
    }

    [Fact]
    public void Official_files_have_biases_and_mmpose_s_none()
    {
        foreach (var bias in new[] { true, false })
        {
            var network = Trained(TinyNetworks.Options with { ConvolutionBias = bias });
            WeightExport.Write(Path("official", Safe), network, WeightStyle.Official);
            WeightExport.Write(Path("mmpose", Safe), network, WeightStyle.Mmpose);
            using var official = SafeTensorsFile.Open(Path("official", Safe));
            using var mmpose = SafeTensorsFile.Open(Path("mmpose", Safe));
            official.Metadata["format"].Should().Be("pt");
            official.Names.Should().Contain("top.conv.conv.bias");
            mmpose.Names.Should().NotContain("backbone.top.top.0.conv.bias");
            var stored = official.Read("top.conv.conv.bias").Floats();
            stored.Any(b => b != 0).Should().Be(bias);
            var shift = official.Read("top.conv.bn.running_mean").Floats().Zip(mmpose.Read("backbone.top.top.0.bn.running_mean").Floats(), (a, b) => a - b);
            shift.Zip(stored).Should().OnlyContain(p => Math.Abs(p.First - p.Second) < 1e-6);
        }
    }

    [Fact]
    public void Tensors_that_only_their_code_has_are_zeros()
    {
        var network = Trained(TinyNetworks.All["hourglass"]);
        WeightExport.Write(Path("princeton", ".pt"), network, WeightStyle.Official);
        using var file = PytorchFile.Open(Path("princeton", ".pt"));
        var unused = HourglassKeys.Princeton((StackedHourglassOptions)network.Options!).Unused;
        unused.Should().NotBeEmpty().And.OnlyContain(u => file.Shape(u.Name).SequenceEqual(u.Shape) && file.Read(u.Name).Floats().All(f => f == 0));
        file.Names.Should().HaveCount(NetworkWeights.Of(network.Module).Count + unused.Count);
    }

    [Fact]
    public void Double_precision_stays()
    {
        var network = Trained(TinyNetworks.Options);
        network.Module.to(ScalarType.Float64);
        WeightExport.Write(Path("double", Safe), network, WeightStyle.Mmpose);
        using var file = WeightFile.Open(Path("double", Safe));
        file.Type("backbone.top.top.0.bn.running_mean").Should().Be(ScalarType.Float64);
    }

    [Fact]
    public void The_library_s_own_style_is_a_model_file()
    {
        var network = Trained(TinyNetworks.Options);
        var count = new LastCount();
        WeightExport.Write(Path("own", Safe), network, WeightStyle.Mspn, new PoseInput { BoxScaleX = 1.5 }, count);
        count.Value.Should().Be(NetworkWeights.Of(network.Module).Count);
        using var model = PoseModelFile.Load(Path("own", Safe));
        model.Input.BoxScaleX.Should().Be(1.5);
        ShouldGiveTheSame(model.Network, network, 0);
        using var file = WeightFile.Open(Path("own", Safe));
        PoseModelFile.Recognizes(file).Should().BeTrue();
    }

    [Theory]
    [InlineData(".pth", WeightStyle.Mspn, "model files are .safetensors")]
    [InlineData(".safetensors", WeightStyle.Mspn, "needs the input's preparation")]
    [InlineData(".onnx", WeightStyle.Official, ".safetensors, .pth or .pt")]
    [InlineData("", WeightStyle.Mmpose, ".safetensors, .pth or .pt")]
    public void Wrong_requests_are_refused(string extension, WeightStyle style, string reason)
    {
        using var network = TinyNetworks.Mspn();
        var write = () => WeightExport.Write(Path("no", extension), network, style);
        write.Should().Throw<ArgumentException>().WithMessage($"*{reason}*");
    }

    [Theory]
    [InlineData(true, "bearpaw's hourglasses")]
    [InlineData(false, "pytorch-cpn has the stride")]
    public void What_names_would_not_show_is_refused(bool hourglass, string reason)
    {
        PoseNetworkOptions options = hourglass
            ? new StackedHourglassOptions { InputSize = new ImageSize(64, 64), Channels = 8, StemChannels = 256, Increase = 4 }
            : ((CascadedPyramidOptions)TinyNetworks.All["cpn"]) with
            {
                Backbone = new Backbone(BackboneFamily.CaffeResNet, 50) { BaseChannels = 4, BlocksPerLevel = [1, 1, 1, 1] },
            };
        using var network = options.Build();
        var write = () => WeightExport.Write(Path("no", ".pth"), network, WeightStyle.Official);
        write.Should().Throw<ArgumentException>().WithMessage($"*{reason}*");
    }

    [Fact]
    public void A_network_without_options_has_no_other_names()
    {
        using var network = new MultiStageNetwork(new ResNetStem(4), [SingleStageModule.Mspn(4, [1, 1], 8)], KeypointSchemas.Coco17);
        var write = () => WeightExport.Write(Path("no", ".pth"), network, WeightStyle.Official);
        write.Should().Throw<ArgumentException>().WithMessage("*has no options*");
    }

    [Fact]
    public void Writing_frees_what_it_makes()
    {
        using var network = TinyNetworks.Mspn(TinyNetworks.Options with { ConvolutionBias = false });
        LiveTensors.ShouldNotGrowDuring(() => WeightExport.Write(Path("same", ".pth"), network, WeightStyle.Mmpose));
    }

    private static TheoryData<string, WeightStyle, string> Cases(bool refused, params string[] extensions)
    {
        var cases = new TheoryData<string, WeightStyle, string>();
        foreach (var (name, options) in All)
        {
            foreach (var style in new[] { WeightStyle.Official, WeightStyle.Mmpose })
            {
                if (refused == (Refused.ContainsKey((Plain(name), style)) || (style == WeightStyle.Mmpose && options is not PyramidNetworkOptions)))
                {
                    Array.ForEach(extensions, extension => cases.Add(name, style, extension));
                }
            }
        }
        return cases;
    }

    private static string Plain(string name) => name.Replace(", no biases", string.Empty, StringComparison.Ordinal);

    // Numbers that normalisations have in use, so that a mix-up shows.
    private IPoseNetwork Trained(PoseNetworkOptions options)
    {
        manual_seed(1);
        var network = Build(options);
        network.Module.train();
        using (no_grad())
        {
            network.Predict(rand(4, 3, options.InputSize.Height, options.InputSize.Width));
        }
        network.Module.eval();
        return network;
    }

    private IPoseNetwork Import(string path, PoseNetworkOptions original)
    {
        using var file = WeightFile.Open(path);
        var layout = CheckpointLayout.Of(file);
        layout.Kind.Should().Be(CheckpointKind.StateDict);
        var found = RecognizedNetwork.Of(layout.Weights, original.Keypoints, original.InputSize)!;
        var network = Build(found.Options switch
        {
            // What weights do not tell.
            SimpleBaselineOptions baseline => baseline with { Backbone = baseline.Backbone with { Family = ((SimpleBaselineOptions)original).Backbone.Family } },
            OpenPoseOptions parts => parts with { RectifyHeatmaps = ((OpenPoseOptions)original).RectifyHeatmaps },
            var options => options,
        });
        WeightImport.Load(network.Module, layout.Weights, found.Keys).Ignored.Should().BeEquivalentTo(found.Keys.Unused.Select(u => u.Name));
        network.Module.eval();
        return network;
    }

    private IPoseNetwork Build(PoseNetworkOptions options)
    {
        var network = options.Build();
        _networks.Add(network);
        return network;
    }

    private static void ShouldGiveTheSame(IPoseNetwork actual, IPoseNetwork expected, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var images = rand(2, 3, expected.InputSize.Height, expected.InputSize.Width);
        var (ours, theirs) = (Maps(actual.Predict(images)), Maps(expected.Predict(images)));
        ours.Should().HaveSameCount(theirs);
        foreach (var (one, other) in ours.Zip(theirs))
        {
            one.shape.Should().Equal(other.shape);
            if (tolerance == 0)
            {
                one.Bytes().AsSpan().SequenceEqual(other.Bytes()).Should().BeTrue();
            }
            else
            {
                (one - other).abs().max().item<float>().Should().BeLessThan((float)tolerance * other.abs().max().item<float>());
            }
        }
    }

    private static Tensor[] Maps(PoseOutput output) =>
        [.. output.Heatmaps.SelectMany(stage => stage), .. output.Extras.OrderBy(e => e.Key, StringComparer.Ordinal).SelectMany(e => e.Value)];

    private string Path(string name, string extension) => _folder.File(name + extension);

    private sealed class LastCount : IProgress<int>
    {
        public int Value { get; private set; }

        public void Report(int value) => Value = value;
    }
}
