using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Weights;

public sealed class PoseModelFileTests : IDisposable
{
    private static readonly MspnOptions Options = TinyNetworks.Options with
    {
        Stages = 3,
        InputSize = new ImageSize(64, 48),
        BlocksPerLevel = [1, 2, 1, 1],
        CrossStageAggregation = false,
        ConvolutionBias = false,
        Keypoints = KeypointSchemas.Mpii16,
    };

    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("model.safetensors");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_saved_and_loaded_network_gives_identical_outputs(bool defaults)
    {
        using var scope = NewDisposeScope();
        using var network = TinyNetworks.Mspn(defaults ? null : Options);
        var images = rand(2, 3, network.InputSize.Height, network.InputSize.Width);
        network.train();
        network.Predict(images);
        network.eval();
        PoseModelFile.Save(Path, network, new PoseInput());
        using var model = PoseModelFile.Load(Path);
        model.Network.Module.training.Should().BeFalse();
        var (expected, actual) = (network.Predict(images), model.Network.Predict(images));
        actual.Heatmaps.SelectMany(s => s).Zip(expected.Heatmaps.SelectMany(s => s))
            .Should().OnlyContain(p => p.First.Bytes().SequenceEqual(p.Second.Bytes()));
    }

    [Fact]
    public void A_file_in_bfloat16_is_half_as_long_and_predicts_the_same_to_three_digits()
    {
        using var scope = NewDisposeScope();
        using var network = TinyNetworks.Mspn();
        PoseModelFile.Save(Path, network, new PoseInput());
        var whole = new FileInfo(Path).Length;
        PoseModelFile.Save(Path, network, new PoseInput(), bfloat16: true);
        using var model = PoseModelFile.Load(Path);

        using var file = SafeTensorsFile.Open(Path);
        file.Names.Where(n => file.Shape(n).Count > 1).Should().NotBeEmpty().And.OnlyContain(n => file.Type(n) == ScalarType.BFloat16);
        file.Names.Where(n => file.Shape(n).Count == 1).Should().OnlyContain(n => file.Type(n) == ScalarType.Float32);
        new FileInfo(Path).Length.Should().BeLessThan(whole * 2 / 3);
        NetworkWeights.Of(model.Network.Module).Where(w => w.Value.is_floating_point()).Should().OnlyContain(w => w.Value.dtype == ScalarType.Float32);
        var images = rand(2, 3, 64, 64);
        network.eval();
        var (expected, actual) = (network.Predict(images).Final.Floats(), model.Network.Predict(images).Final.Floats());
        var largest = expected.Max(Math.Abs);
        actual.Zip(expected, (a, e) => Math.Abs(a - e)).Max().Should().BeInRange(1e-6f * largest, 2e-2f * largest);
    }

    [Fact]
    public void Options_keypoints_and_input_come_back()
    {
        var input = new PoseInput
        {
            Normalization = ImageNormalization.Rgb,
            BoxScaleX = 1.25,
            BoxScaleY = 1.5,
            HeatmapPeak = 100,
            Decoding = HeatmapDecoding.Dark,
            DecodingKernel = 7,
        };
        using var network = TinyNetworks.Mspn(Options);
        PoseModelFile.Save(Path, network, input);
        using var model = PoseModelFile.Load(Path);
        model.Input.Should().BeEquivalentTo(input);
        ((MspnNetwork)model.Network).Options.Should().BeEquivalentTo(Options);
        model.Input.WholeImage.Should().BeNull();
        model.Network.Keypoints.FlipPermutation.Should().Equal(KeypointSchemas.Mpii16.FlipPermutation);
    }

    [Fact]
    public void An_input_that_could_not_be_loaded_is_not_saved()
    {
        using var network = TinyNetworks.Mspn();
        var save = () => PoseModelFile.Save(Path, network, new PoseInput { DecodingKernel = 4 });
        save.Should().Throw<ArgumentException>().WithMessage("*odd*DecodingKernel*");
        File.Exists(Path).Should().BeFalse();
    }

    [Fact]
    public void A_blur_of_an_even_size_is_refused() =>
        ShouldBeRefused(metadata => metadata["mspn.input"] = "{\"decodingKernel\":4}", "mspn.input*odd*DecodingKernel");

    [Fact]
    public void The_preparation_of_whole_images_comes_back()
    {
        var input = PoseInput.OpenPose with { WholeImage = new WholeImageOptions { Height = 320, Scales = [0.5, 1, 1.5], Stride = 16, Filling = 7 } };
        using var network = new OpenPose(new OpenPoseOptions
        {
            InputSize = new ImageSize(64, 64), Stages = 2, BaseChannels = 2, Channels = 4, FirstStageChannels = 4, Kernel = 3,
        });
        PoseModelFile.Save(Path, network, input);
        using var model = PoseModelFile.Load(Path);
        model.Input.Should().BeEquivalentTo(input);
        model.Network.Should().BeOfType<OpenPose>();
    }

    [Fact]
    public void A_missing_file_is_an_error()
    {
        var load = () => PoseModelFile.Load(Path);
        load.Should().Throw<PoseDataException>().WithMessage($"{Path}*does not exist*");
    }

    [Fact]
    public void A_file_without_a_description_is_an_error() => ShouldBeRefused(metadata => metadata.Remove("mspn.network"), "mspn.network*missing");

    [Fact]
    public void A_file_without_metadata_and_without_anybodys_names_is_an_error() => ShouldBeRefused(metadata => metadata.Clear(), "not recognised");

    [Fact]
    public void An_unknown_kind_of_network_is_an_error() =>
        ShouldBeRefused(metadata => metadata["mspn.network"] = metadata["mspn.network"].Replace("\"mspn\"", "\"staircase\""), "mspn.network*staircase");

    [Theory]
    [InlineData("mspn.network", "{")]
    [InlineData("mspn.network", "null")]
    [InlineData("mspn.network", "7")]
    [InlineData("mspn.network", "{}")]
    [InlineData("mspn.network", "{\"kind\":7}")]
    [InlineData("mspn.network", "{\"kind\":\"mspn\",\"inputSize\":null}")]
    [InlineData("mspn.network", "{\"surprise\":1}")]
    [InlineData("mspn.keypoints", "{}")]
    [InlineData("mspn.keypoints", "{\"name\":\"x\"}")]
    [InlineData("mspn.keypoints", "{\"name\":\"x\",\"keypoints\":null,\"flipPairs\":[],\"skeleton\":[],\"sigmas\":[],\"upperBody\":[]}")]
    [InlineData("mspn.input", "[]")]
    [InlineData("mspn.input", "{\"normalization\":null}")]
    [InlineData("mspn.input", "{\"normalization\":{\"order\":\"Grb\"}}")]
    [InlineData("mspn.input", "{\"normalization\":{\"std\":[1,1]}}")]
    [InlineData("mspn.input", "{\"normalization\":{\"std\":[1,0,1]}}")]
    [InlineData("mspn.input", "{\"normalization\":{\"mean\":[]}}")]
    [InlineData("mspn.input", "{\"boxScaleX\":0}")]
    [InlineData("mspn.input", "{\"boxScaleY\":-1}")]
    [InlineData("mspn.input", "{\"heatmapPeak\":0}")]
    [InlineData("mspn.input", "{\"offsetRadius\":-2}")]
    [InlineData("mspn.input", "{\"wholeImage\":7}")]
    [InlineData("mspn.input", "{\"wholeImage\":{\"width\":368}}")]
    [InlineData("mspn.input", "{\"wholeImage\":{\"height\":0}}")]
    [InlineData("mspn.input", "{\"wholeImage\":{\"scales\":[]}}")]
    public void A_damaged_description_is_an_error(string key, string value) => ShouldBeRefused(metadata => metadata[key] = value, key);

    [Theory]
    [InlineData("[0]")]
    [InlineData("[0,1,2]")]
    [InlineData("null")]
    [InlineData("[0,99]")]
    public void An_impossible_flip_pair_is_an_error(string pair) => ShouldBeRefused(
        metadata => metadata["mspn.keypoints"] = metadata["mspn.keypoints"].Replace("\"flipPairs\":[[1,2]", "\"flipPairs\":[" + pair), "");

    [Theory]
    [InlineData("\"stages\":2", "\"stages\":0")]
    [InlineData("\"baseChannels\":4", "\"baseChannels\":-4")]
    [InlineData("\"inputSize\":[64,64]", "\"inputSize\":[64]")]
    [InlineData("\"inputSize\":[64,64]", "\"inputSize\":[63,64]")]
    [InlineData("\"blocksPerLevel\":[1,1,1,1]", "\"blocksPerLevel\":[]")]
    public void An_impossible_network_is_an_error(string good, string bad) =>
        ShouldBeRefused(metadata => metadata["mspn.network"] = metadata["mspn.network"].Replace(good, bad), "mspn.network");

    [Theory]
    [InlineData("mspn.network", "\"kernel\":3", "\"kernel\":2147483647")] // more weights than 64 bits can count
    [InlineData("mspn.keypoints", "\"skeleton\":[[0,1],[1,2]]", "\"skeleton\":[[0,1]]")] // a limb without its mirror image
    public void An_impossible_bottom_up_network_is_an_error(string key, string good, string bad)
    {
        using var network = new OpenPose(new OpenPoseOptions
        {
            Keypoints = new KeypointSchema { Name = "arms", Keypoints = ["left", "neck", "right"], FlipPairs = [(0, 2)], Skeleton = [(0, 1), (1, 2)] },
            InputSize = new ImageSize(32, 32), Stages = 2, BaseChannels = 2, Channels = 4, FirstStageChannels = 4, Kernel = 3,
        });
        ShouldBeRefused(network, metadata => metadata[key] = metadata[key].Replace(good, bad), "mspn.network");
    }

    [Fact]
    public void Weights_that_do_not_fit_the_description_are_an_error() =>
        ShouldBeRefused(metadata => metadata["mspn.network"] = metadata["mspn.network"].Replace("\"stages\":2", "\"stages\":3"), "missing");

    [Fact]
    public void Loading_keeps_no_tensors_besides_the_network()
    {
        using var network = TinyNetworks.Mspn();
        PoseModelFile.Save(Path, network, new PoseInput());
        // TorchSharp's counter stays one too high for every parameter ever made, so building a network is the measure.
        Growth(() => PoseModelFile.Load(Path).Dispose()).Should().Be(Growth(() => network.Options.BuildWithoutValues().Dispose()));
    }

    private static long Growth(Action work)
    {
        var before = LiveTensors.Count();
        using (NewDisposeScope())
        {
            work();
        }
        return Tensor.TotalCount - before;
    }

    private void ShouldBeRefused(Action<Dictionary<string, string>> change, string problem)
    {
        using var network = TinyNetworks.Mspn();
        ShouldBeRefused(network, change, problem);
    }

    private void ShouldBeRefused(IPoseNetwork network, Action<Dictionary<string, string>> change, string problem)
    {
        var metadata = PoseModelFile.Metadata(network, new PoseInput()).ToDictionary();
        var before = string.Concat(metadata.Values);
        change(metadata);
        string.Concat(metadata.Values).Should().NotBe(before);
        SafeTensorsWriter.Write(Path, NetworkWeights.Of(network.Module), metadata);
        var load = () => PoseModelFile.Load(Path);
        load.Should().ThrowExactly<PoseDataException>().WithMessage($"{Path}: *{problem}*");
    }
}
