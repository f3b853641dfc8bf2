using System.Text.Json;
using Microsoft.ML.OnnxRuntime.Tensors;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Mspn.Core.Tests;

public sealed class OnnxExportTests : IDisposable
{
    private const int Crops = 2;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Networks => [.. TinyNetworks.All.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Networks))]
    public void An_exported_network_finds_what_the_library_finds(string name)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var network = TinyNetworks.Build(name);
        Liveliness.Give(network.Module);
        var path = _folder.File("network.onnx");
        var input = new PoseInput();
        var outputs = OnnxExport.Save(path, network, input, new OnnxExportOptions { Maps = ExportedMaps.Final });
        network.Module.eval();
        var size = network.InputSize;
        var images = Crop(size);
        var expected = network.PredictFinal(images);
        using var session = new OnnxSession(path);
        var found = session.Run("image", images.data<float>().ToArray(), Crops, 3, size.Height, size.Width);
        found.Keys.Should().BeEquivalentTo(outputs);
        ShouldGive(found["heatmaps"], expected.Final);
        foreach (var extra in network.Extras)
        {
            ShouldGive(found[extra.Name], expected.FinalExtra(extra.Name));
        }
        found.ContainsKey("keypoints").Should().Be(network is not OpenPose);
        if (found.TryGetValue("keypoints", out var keypoints))
        {
            ShouldFind(keypoints, network.CreateDecoder(input).DecodePeople(expected, size));
        }
    }

    [Theory]
    [InlineData("mspn")]
    [InlineData("hourglass")]
    [InlineData("simplebaseline, ResNet-18, offsets")]
    [InlineData("openpose")]
    public void A_flip_test_and_pixels_can_be_part_of_the_file(string name)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var network = TinyNetworks.Build(name);
        Liveliness.Give(network.Module);
        var path = _folder.File("network.onnx");
        var input = name == "hourglass" ? PoseInput.Mmpose : new PoseInput();
        OnnxExport.Save(path, new PoseModel(network, input), new OnnxExportOptions { Maps = ExportedMaps.Final, FlipTest = true, RawPixels = true });
        network.Module.eval();
        var size = network.InputSize;
        var pixels = (Crop(size) * 40 + 120).clamp(0, 255).to(ScalarType.Byte);
        long[] channels = input.Normalization.Order == ChannelOrder.Bgr ? [2, 1, 0] : [0, 1, 2];
        var order = tensor(channels);
        var (mean, std) = (PerChannel(input.Normalization.Mean), PerChannel(input.Normalization.Std));
        var images = (pixels.index_select(1, order).to(ScalarType.Float32) / 255 - mean) / std;
        var decoder = network.CreateDecoder(input);
        var expected = HeatmapFlip.PredictBothWays(network, images, decoder.ShiftsMirroredMaps);
        using var session = new OnnxSession(path);
        var found = session.Run("image", pixels.permute(0, 2, 3, 1).contiguous().data<byte>().ToArray(), Crops, size.Height, size.Width, 3);
        ShouldGive(found["heatmaps"], expected.Final);
        foreach (var extra in network.Extras)
        {
            ShouldGive(found[extra.Name], expected.FinalExtra(extra.Name));
        }
        if (found.TryGetValue("keypoints", out var keypoints))
        {
            ShouldFind(keypoints, decoder.DecodePeople(expected, size));
        }
    }

    [Fact]
    public void A_batch_of_one_and_of_many_are_the_same_file()
    {
        using var network = TinyNetworks.Mspn();
        var path = _folder.File("network.onnx");
        OnnxExport.Save(path, network, new PoseInput()).Should().Equal("keypoints");
        using var session = new OnnxSession(path);
        foreach (var crops in new[] { 1, 5 })
        {
            session.Run("image", new float[crops * 3 * 64 * 64], crops, 3, 64, 64)["keypoints"].Dimensions.ToArray().Should().Equal(crops, 17, 3);
        }
    }

    [Fact]
    public void The_metadata_says_what_a_model_file_says()
    {
        using var network = TinyNetworks.Mspn();
        var path = _folder.File("network.onnx");
        OnnxExport.Save(path, network, PoseInput.Mmpose);
        using var session = new OnnxSession(path);
        var metadata = session.Session.ModelMetadata.CustomMetadataMap;
        metadata["mspn.decoder"].Should().Be("MmposeHeatmapDecoder");
        metadata["mspn.version"].Should().MatchRegex(@"^\d+\.\d+\.\d+$");
        PoseModelFile.ReadInput(path, metadata).Should().BeEquivalentTo(PoseInput.Mmpose);
        PoseModelFile.ReadKeypoints(path, metadata).Keypoints.Should().Equal(KeypointSchemas.Coco17.Keypoints);
        JsonSerializer.Deserialize<PoseNetworkOptions>(metadata["mspn.network"], PoseModelFile.Json).Should().BeOfType<MspnOptions>();
    }

    [Fact]
    public void Its_structure_is_what_onnx_asks_for()
    {
        using var network = TinyNetworks.Mspn(TinyNetworks.Options with { Stages = 2 });
        var path = _folder.File("network.onnx");
        OnnxExport.Save(path, network, new PoseInput(), new OnnxExportOptions { Maps = ExportedMaps.Final });
        var model = new OnnxFileFields(File.ReadAllBytes(path));
        model.Values<long>(1).Should().Equal(OnnxWriter.IrVersion);
        model.Messages(8).Single().Values<long>(2).Should().Equal(OnnxWriter.OpsetVersion);
        var graph = model.Messages(7).Single();
        graph.Texts(2).Single().Should().NotBeEmpty();
        static string Name(OnnxFileFields place) => place.Texts(1).Single();
        var names = graph.Messages(5).Select(weights => weights.Texts(8).Single()).ToArray();
        names.Should().OnlyHaveUniqueItems();
        var known = graph.Messages(11).Select(Name).Concat(names).ToHashSet();
        foreach (var weights in graph.Messages(5))
        {
            var size = weights.Values<long>(2).Single() switch { 1 => 4, 7 or 11 => 8, var type => throw new InvalidDataException($"type {type}") };
            weights.Values<byte[]>(9).Single().Should().HaveCount((int)(weights.Values<long>(1).Aggregate(1L, (a, b) => a * b) * size));
        }
        foreach (var node in graph.Messages(1))
        {
            node.Texts(1).Where(input => input.Length > 0).Should().OnlyContain(input => known.Contains(input), "nodes come in order");
            node.Texts(2).Should().OnlyContain(output => known.Add(output), "every tensor is made once");
            node.Texts(3).Single().Should().NotBeEmpty();
            node.Texts(4).Single().Should().NotBeEmpty();
            node.Messages(5).All(attribute => attribute.Texts(1).Single().Length > 0 && attribute.Values<long>(20).Single() > 0).Should().BeTrue();
        }
        foreach (var place in graph.Messages(11).Concat(graph.Messages(12)))
        {
            var type = place.Messages(2).Single().Messages(1).Single();
            type.Values<long>(1).Should().Equal(1);
            type.Messages(2).Single().Messages(1).First().Texts(2).Should().Equal("N");
        }
        graph.Messages(12).Select(Name).Should().Equal("keypoints", "heatmaps").And.OnlyContain(output => known.Contains(output));
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Every_map_can_be_given_without_keypoints(string name)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var network = TinyNetworks.Build(name);
        Liveliness.Give(network.Module);
        var path = _folder.File("network.onnx");
        var outputs = OnnxExport.Save(path, network, new PoseInput(), new OnnxExportOptions { Maps = ExportedMaps.Every, Keypoints = false });
        network.Module.eval();
        var size = network.InputSize;
        var images = Crop(size);
        var expected = network.Predict(images);
        using var session = new OnnxSession(path);
        var found = session.Run("image", images.data<float>().ToArray(), Crops, 3, size.Height, size.Width);
        found.Keys.Should().BeEquivalentTo(outputs).And.HaveCount(expected.Heatmaps.Sum(scales => scales.Count) + expected.Extras.Values.Sum(stages => stages.Count));
        ShouldGive(found["heatmaps"], expected.Final);
        for (var stage = 0; stage < expected.Heatmaps.Count; stage++)
        {
            for (var scale = 0; scale < expected.Heatmaps[stage].Count; scale++)
            {
                var last = stage == expected.Heatmaps.Count - 1 && scale == expected.Heatmaps[stage].Count - 1;
                ShouldGive(found[last ? "heatmaps" : $"heatmaps_{stage}_{scale}"], expected.Heatmaps[stage][scale]);
            }
        }
        foreach (var (extra, stages) in expected.Extras)
        {
            for (var stage = 0; stage < stages.Count; stage++)
            {
                ShouldGive(found[stage == stages.Count - 1 ? extra : $"{extra}_{stage}"], stages[stage]);
            }
        }
    }

    [Fact]
    public void The_flip_test_is_of_the_final_maps()
    {
        using var network = TinyNetworks.Mspn();
        var save = () => OnnxExport.Save(_folder.File("network.onnx"), network, new PoseInput(), new OnnxExportOptions { Maps = ExportedMaps.Every, FlipTest = true });
        save.Should().Throw<ArgumentException>().WithMessage("*flip test*");
    }

    [Theory]
    [InlineData("keypoints", "output")]
    [InlineData("image", "input")]
    public void An_extra_cannot_be_called_as_what_the_file_has_itself(string name, string what)
    {
        using var network = new MultiStageNetwork(
            new ResNetStem(4), [SingleStageModule.Mspn(4, [1, 1], 8)], KeypointSchemas.Coco17, inputSize: new ImageSize(64, 64), extras: [new PoseExtra(name, [(0, 1)])]);
        var save = () => OnnxExport.Save(_folder.File("network.onnx"), network, new PoseInput());
        save.Should().Throw<ArgumentException>().WithMessage($"*'{name}'*{what}*");
    }

    [Fact]
    public void A_decoder_of_the_callers_own_leaves_maps()
    {
        using var network = TinyNetworks.Mspn();
        OnnxExport.Save(_folder.File("network.onnx"), network, new PoseInput(), new OnnxExportOptions { Decoder = new OwnDecoder() })
            .Should().Equal("heatmaps");
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_an_error()
    {
        using var network = TinyNetworks.Mspn();
        Directory.CreateDirectory(_folder.File("folder.onnx"));
        var save = () => OnnxExport.Save(_folder.File("folder.onnx"), network, new PoseInput());
        save.Should().Throw<PoseDataException>().WithMessage("*folder.onnx*");
    }

    [Fact]
    public void An_export_frees_what_it_makes()
    {
        using var network = TinyNetworks.Mspn();
        LiveTensors.ShouldNotGrowDuring(() => OnnxExport.Save(_folder.File("network.onnx"), network, new PoseInput()));
    }

    // Something that changes slowly from place to place, as photos do.
    private static Tensor Crop(ImageSize size)
    {
        manual_seed(11);
        return nn.functional.interpolate(randn(Crops, 3, 6, 6), [size.Height, size.Width], mode: InterpolationMode.Bilinear, align_corners: true);
    }

    private static Tensor PerChannel(IReadOnlyList<float> values) => tensor(values.ToArray(), [1, 3, 1, 1]);

    private static void ShouldGive(DenseTensor<float> found, Tensor expected)
    {
        found.Dimensions.ToArray().Select(d => (long)d).Should().Equal(expected.shape);
        var difference = (tensor(found.ToArray(), expected.shape) - expected).abs().max().item<float>();
        difference.Should().BeLessThanOrEqualTo(1e-5f * expected.abs().max().item<float>());
    }

    private static void ShouldFind(
        DenseTensor<float> found, IReadOnlyList<IReadOnlyList<PersonPrediction>> expected)
    {
        for (var n = 0; n < expected.Count; n++)
        {
            var keypoints = expected[n].Single().Keypoints;
            for (var k = 0; k < keypoints.Count; k++)
            {
                double.Hypot(found[n, k, 0] - keypoints[k].X, found[n, k, 1] - keypoints[k].Y).Should().BeLessThanOrEqualTo(1e-3, $"crop {n}, keypoint {k}");
                ((double)found[n, k, 2]).Should().BeApproximately(keypoints[k].Score, 1e-4 * Math.Max(1, Math.Abs(keypoints[k].Score)));
            }
        }
    }

    private sealed class OwnDecoder : IPoseDecoder
    {
        public IReadOnlyList<IReadOnlyList<PersonPrediction>> DecodePeople(PoseOutput output, ImageSize inputSize) => [];
    }
}
