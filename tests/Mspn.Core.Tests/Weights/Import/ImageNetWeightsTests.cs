using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Weights.Import;

public sealed class ImageNetWeightsTests : IDisposable
{
    // torchvision's vgg16 and vgg19: where the convolutions stand among features.
    private static readonly int[] Vgg16 = [0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28];
    private static readonly int[] Vgg19 = [0, 2, 5, 7, 10, 12, 14, 16, 19, 21, 23, 25, 28, 30, 32, 34];

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
        _scope.Dispose();
    }

    [Theory]
    [InlineData(ImageNetStages.Every)]
    [InlineData(ImageNetStages.First)]
    public void A_resnet_fills_the_stem_and_the_encoders_asked_for(ImageNetStages stages)
    {
        var path = ResNet(out var tensors);
        using var network = TinyNetworks.Mspn(seed: 5);
        var before = NetworkWeights.Of(network).ToDictionary(p => p.Key, p => p.Value.Bytes());

        var reports = ImageNetWeights.Load(network, path, stages);

        reports.Should().HaveCount(stages == ImageNetStages.Every ? 2 : 1);
        reports[0].Ignored.Should().BeEquivalentTo("fc.weight", "fc.bias");
        reports[0].ZeroedBiases.Should().NotBeEmpty("torchvision's convolutions have no biases");
        var own = NetworkWeights.Of(network);
        own["stem.conv.conv.weight"].Bytes().Should().Equal(tensors["conv1.weight"].Bytes());
        own["stages.0.encoder.levels.1.0.shortcut.bn.running_var"].Bytes().Should().Equal(tensors["layer2.0.downsample.1.running_var"].Bytes());
        var second = own["stages.1.encoder.levels.3.0.conv2.conv.weight"].Bytes();
        second.SequenceEqual(tensors["layer4.0.conv2.weight"].Bytes()).Should().Be(stages == ImageNetStages.Every);
        own["heads.0.maps.0.conv1.conv.weight"].Bytes().Should().Equal(before["heads.0.maps.0.conv1.conv.weight"]);
    }

    [Fact]
    public void A_resnet_of_another_depth_is_refused_and_nothing_changes()
    {
        var path = ResNet(out _);
        using var network = TinyNetworks.Mspn(TinyNetworks.Options with { BlocksPerLevel = [1, 1, 2, 1] });
        var before = NetworkWeights.Of(network)["stem.conv.conv.weight"].Bytes();
        var load = () => ImageNetWeights.Load(network, path);
        load.Should().Throw<PoseDataException>().WithMessage("*missing: stages.0.encoder.levels.2.1.conv1.conv.weight (layer3.1.conv1.weight*");
        NetworkWeights.Of(network)["stem.conv.conv.weight"].Bytes().Should().Equal(before);
    }

    [Theory]
    [InlineData("simplebaseline, VGG-16", 16, "stages.0.encoder.levels.2.convs.2.weight", 28)]
    [InlineData("simplebaseline, VGG-19, four deconvolutions", 19, "stages.0.encoder.levels.2.convs.3.weight", 34)]
    [InlineData("openpose", 19, "stem.block4.convs.1.weight", 21)]
    public void A_vgg_fills_the_convolutions_in_their_order(string name, int depth, string last, int index)
    {
        const int width = 4;
        int[] channels = [width, width, 2 * width, 2 * width, .. Enumerable.Repeat(4 * width, depth == 16 ? 3 : 4), .. Enumerable.Repeat(8 * width, depth == 16 ? 6 : 8)];
        var tensors = (depth == 16 ? Vgg16 : Vgg19).SelectMany((at, i) => new[]
        {
            ($"features.{at}.weight", rand(channels[i], i == 0 ? 3 : channels[i - 1], 3, 3)), ($"features.{at}.bias", rand(channels[i])),
        }).Append(("classifier.0.weight", rand(2, 2))).ToDictionary(t => t.Item1, t => t.Item2);
        var path = _folder.File("vgg.pth");
        PytorchWriter.Write(path, tensors);
        using var network = (MultiStageNetwork)TinyNetworks.Build(name);

        var report = ImageNetWeights.Load(network, path).Single();

        report.Fits.Should().BeTrue();
        NetworkWeights.Of(network)[last].Bytes().Should().Equal(tensors[$"features.{index}.weight"].Bytes());
    }

    // torchvision's names for a ResNet of one bottleneck a level and a width of 4.
    private string ResNet(out Dictionary<string, Tensor> tensors)
    {
        tensors = [];
        void Norm(Dictionary<string, Tensor> into, string name, int channels)
        {
            foreach (var part in new[] { "weight", "bias", "running_mean", "running_var" })
            {
                into[$"{name}.{part}"] = rand(channels);
            }
            into[$"{name}.num_batches_tracked"] = zeros([], ScalarType.Int64);
        }
        tensors["conv1.weight"] = rand(4, 3, 7, 7);
        Norm(tensors, "bn1", 4);
        var inChannels = 4;
        for (var level = 0; level < 4; level++)
        {
            var width = 4 << level;
            var block = $"layer{level + 1}.0";
            tensors[$"{block}.conv1.weight"] = rand(width, inChannels, 1, 1);
            tensors[$"{block}.conv2.weight"] = rand(width, width, 3, 3);
            tensors[$"{block}.conv3.weight"] = rand(4 * width, width, 1, 1);
            tensors[$"{block}.downsample.0.weight"] = rand(4 * width, inChannels, 1, 1);
            Norm(tensors, $"{block}.bn1", width);
            Norm(tensors, $"{block}.bn2", width);
            Norm(tensors, $"{block}.bn3", 4 * width);
            Norm(tensors, $"{block}.downsample.1", 4 * width);
            inChannels = 4 * width;
        }
        tensors["fc.weight"] = rand(10, inChannels);
        tensors["fc.bias"] = rand(10);
        var path = _folder.File("resnet.pth");
        PytorchWriter.Write(path, tensors);
        return path;
    }
}
