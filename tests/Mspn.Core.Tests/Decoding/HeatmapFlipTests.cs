using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Decoding;

public sealed class HeatmapFlipTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Twice_is_nothing()
    {
        var images = rand(2, 3, 8, 6);
        HeatmapFlip.Images(HeatmapFlip.Images(images)).Floats().Should().Equal(images.Floats());
        var maps = rand(2, 17, 8, 6);
        HeatmapFlip.Back(HeatmapFlip.Back(maps, KeypointSchemas.Coco17), KeypointSchemas.Coco17).Floats().Should().Equal(maps.Floats());
    }

    [Fact]
    public void Columns_run_backwards_and_pairs_swap()
    {
        var schema = KeypointSchemas.Coco17;
        var maps = zeros(1, 17, 4, 5);
        maps[0, schema.IndexOf("left_wrist"), 2, 1] = 1;
        maps[0, schema.IndexOf("nose"), 3, 4] = 2;
        var back = HeatmapFlip.Back(maps, schema);
        back[0, schema.IndexOf("right_wrist"), 2, 3].item<float>().Should().Be(1);
        back[0, schema.IndexOf("nose"), 3, 0].item<float>().Should().Be(2);
        back.sum().item<float>().Should().Be(3);
    }

    [Fact]
    public void A_shift_moves_one_cell_to_the_right_and_repeats_the_first_column()
    {
        var maps = arange(17 * 2 * 4, ScalarType.Float32).reshape(1, 17, 2, 4);
        var (plain, shifted) = (HeatmapFlip.Back(maps, KeypointSchemas.Coco17), HeatmapFlip.Back(maps, KeypointSchemas.Coco17, shift: true));
        shifted.narrow(3, 1, 3).Floats().Should().Equal(plain.narrow(3, 0, 3).Floats());
        shifted.select(3, 0).Floats().Should().Equal(plain.select(3, 0).Floats());
    }

    [Fact]
    public void Maps_of_other_keypoints_are_an_error()
    {
        var maps = zeros(1, 16, 4, 4);
        var back = () => HeatmapFlip.Back(maps, KeypointSchemas.Coco17);
        back.Should().Throw<ArgumentException>().WithMessage("*17*coco17*[1, 16, 4, 4]*");
    }

    [Fact]
    public void Crops_of_another_rank_are_an_error() =>
        FluentActions.Invoking(() => HeatmapFlip.Images(zeros(3, 4, 4))).Should().Throw<ArgumentException>().WithMessage("*[N, 3, H, W]*[3, 4, 4]*");

    [Fact]
    public void The_flip_test_is_the_mean_of_both_ways()
    {
        using var network = TinyNetworks.Mspn();
        network.eval();
        using var noGrad = no_grad();
        var images = rand(2, 3, 64, 64);
        var plain = network.PredictFinal(images).Final;
        var flipped = HeatmapFlip.Back(network.PredictFinal(HeatmapFlip.Images(images)).Final, network.Keypoints);
        HeatmapFlip.PredictBothWays(network, images).Final.Floats().Should().Equal(((plain + flipped) * 0.5).Floats());
        var shifted = HeatmapFlip.Back(network.PredictFinal(HeatmapFlip.Images(images)).Final, network.Keypoints, shift: true);
        HeatmapFlip.PredictBothWays(network, images, shift: true).Final.Floats().Should().Equal(((plain + shifted) * 0.5).Floats());
    }

    [Fact]
    public void The_flip_test_frees_what_it_makes()
    {
        using var network = TinyNetworks.Mspn();
        network.eval();
        var images = rand(2, 3, 64, 64);
        LiveTensors.ShouldNotGrowDuring(() => HeatmapFlip.PredictBothWays(network, images, shift: true).Dispose());
    }
}
