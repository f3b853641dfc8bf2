using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Weights.Import;

public sealed class CheckpointImportTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
        _scope.Dispose();
    }

    [Theory]
    [InlineData("")]
    [InlineData("module.")]
    public void An_official_checkpoint_is_a_model_without_further_words(string prefix)
    {
        using var network = TinyNetworks.Mspn();
        network.eval();
        var keys = PyramidKeys.Official(network.Options);
        var path = _folder.File("official.pth");
        PytorchWriter.Write(path, NetworkWeights.Of(network).ToDictionary(p => prefix + keys.Theirs(p.Key), p => p.Value));

        using var model = PoseModelFile.Load(path);

        model.Network.Should().BeOfType<MspnNetwork>().Which.Options.Should().BeEquivalentTo(
            TinyNetworks.Options with { InputSize = new ImageSize(256, 192) });
        model.Input.Normalization.Order.Should().Be(ChannelOrder.Bgr);
        model.Network.Module.training.Should().BeFalse();
        var images = rand(1, 3, 64, 64);
        model.Network.PredictFinal(images).Final.Bytes().Should().Equal(network.PredictFinal(images).Final.Bytes());
    }

    [Theory]
    [InlineData("head")]
    [InlineData("keypoint_head")]
    public void An_mmpose_checkpoint_brings_its_own_input_and_the_callers_keypoints(string head)
    {
        var options = TinyNetworks.Options with { ConvolutionBias = false, Keypoints = KeypointSchemas.CrowdPose14 };
        using var network = new MspnNetwork(options);
        var keys = PyramidKeys.Mmpose(options, head);
        NetworkWeights.Of(network).Keys.Should().Contain(name => keys.Theirs(name)!.StartsWith(head + ".predict_layers."));
        var path = _folder.File("mmpose.pth");
        PytorchWriter.Write(path, NetworkWeights.Of(network).ToDictionary(p => keys.Theirs(p.Key)!, p => p.Value));
        var done = new Counter();

        var imported = CheckpointImport.Load(path, KeypointSchemas.CrowdPose14, new ImageSize(64, 64), done);

        using var model = imported.Model;
        model.Network.Keypoints.Name.Should().Be(KeypointSchemas.CrowdPose14.Name);
        model.Network.InputSize.Should().Be(new ImageSize(64, 64));
        model.Input.Normalization.Order.Should().Be(ChannelOrder.Rgb);
        model.Network.CreateDecoder(model.Input).Should().BeOfType<MmposeHeatmapDecoder>();
        imported.Report.Fits.Should().BeTrue();
        imported.Kind.Should().Be(CheckpointKind.StateDict);
        done.Last.Should().Be(NetworkWeights.Of(network).Count);
    }

    [Theory]
    [InlineData(17, 5, 1.09)]
    [InlineData(16, 9, 1.25)]
    public void An_official_checkpoint_is_cropped_and_read_as_its_data_set_was(int count, int kernel, double boxScale)
    {
        var options = TinyNetworks.Options with { Keypoints = count == 16 ? KeypointSchemas.Mpii16 : KeypointSchemas.Coco17 };
        using var network = new MspnNetwork(options);
        var keys = PyramidKeys.Official(options);
        var path = _folder.File("official.pth");
        PytorchWriter.Write(path, NetworkWeights.Of(network).ToDictionary(p => keys.Theirs(p.Key)!, p => p.Value));

        using var model = PoseModelFile.Load(path);

        model.Network.CreateDecoder(model.Input).Should().BeOfType<OfficialHeatmapDecoder>().Which.Kernel.Should().Be(kernel);
        model.Input.BoxScaleX.Should().Be(boxScale);
    }

    [Fact]
    public void Colours_are_prepared_as_the_code_did_that_the_names_belong_to()
    {
        // OpenCV's order of channels, but the figures in the order for RGB.
        var baseline = (SimpleBaselineOptions)TinyNetworks.All["simplebaseline"];
        ShouldBeNormalizedBy(baseline, BackboneKeys.SimpleBaseline(baseline), ChannelOrder.Bgr, [0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);
        var princeton = (StackedHourglassOptions)TinyNetworks.All["hourglass"];
        ShouldBeNormalizedBy(princeton, HourglassKeys.Princeton(princeton), ChannelOrder.Rgb, [0, 0, 0], [1, 1, 1]);
        // The means that its training prints with four digits, by data set.
        var mpii = princeton with { StemChannels = 256 };
        ShouldBeNormalizedBy(mpii, HourglassKeys.Bearpaw(mpii), ChannelOrder.Rgb, [0.4404f, 0.4440f, 0.4327f], [1, 1, 1]);
        var coco = mpii with { Keypoints = KeypointSchemas.Coco17 };
        ShouldBeNormalizedBy(coco, HourglassKeys.Bearpaw(coco), ChannelOrder.Rgb, [0.4566f, 0.4369f, 0.4061f], [1, 1, 1]);
    }

    [Fact]
    public void A_file_of_no_known_network_says_what_it_found()
    {
        var path = _folder.File("other.pth");
        PytorchWriter.Write(path, new Dictionary<string, Tensor> { ["encoder.weight"] = zeros(2) });
        var load = () => PoseModelFile.Load(path);
        load.Should().Throw<PoseDataException>().WithMessage($"{path}*not recognised*encoder.weight*");
    }

    [Fact]
    public void A_checkpoint_that_lacks_a_tensor_leaves_nothing_behind()
    {
        using var network = TinyNetworks.Mspn();
        var keys = PyramidKeys.Official(network.Options);
        var path = _folder.File("official.pth");
        PytorchWriter.Write(path, NetworkWeights.Of(network).Skip(1).ToDictionary(p => keys.Theirs(p.Key)!, p => p.Value)
            .Append(new("top.conv.conv.weight", zeros(4, 3, 5, 5))));
        var load = () => PoseModelFile.Load(path);
        load.Should().Throw<PoseDataException>().WithMessage("*of another shape: top.conv.conv.weight*");
    }

    private static void ShouldBeNormalizedBy(PoseNetworkOptions options, KeyMap keys, ChannelOrder order, float[] mean, float[] deviation)
    {
        using var module = options.Build().Module;
        using var weights = MemoryWeights.Of(module, keys);
        var normalization = RecognizedNetwork.Of(weights)!.Input.Normalization;
        normalization.Order.Should().Be(order);
        normalization.Mean.Zip(mean, (actual, expected) => Math.Abs(actual - expected)).Should().HaveCount(3).And.OnlyContain(error => error < 5.1e-5f);
        normalization.Std.Should().Equal(deviation);
    }

    private sealed class Counter : IProgress<int>
    {
        public int Last { get; private set; }

        public void Report(int value) => Last = value;
    }
}
