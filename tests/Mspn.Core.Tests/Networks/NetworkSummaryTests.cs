using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Networks;

public class NetworkSummaryTests
{
    [Fact]
    public void Multiply_adds_of_a_small_network_are_those_worked_out_by_hand()
    {
        using var network = new HandCounted();
        var summary = NetworkSummary.Of(network);
        // 8×8 positions × 2 outputs × 3 inputs × 3×3, then 8×8 inputs of 2 channels × 1 output × 2×2.
        const int conv = 64 * 2 * 27;
        const int deconv = 64 * 2 * 4;
        summary.Rows.Select(r => (r.Name, r.Parameters, r.MultiplyAdds)).Should().Equal(("conv", 56, conv), ("deconv", 9, deconv));
        summary.Rows[1].Output.Should().Equal(1, 1, 16, 16);
        summary.Parameters.Should().Be(65);
        summary.MultiplyAdds.Should().Be(conv + deconv);
        summary.FinalMultiplyAdds.Should().Be(summary.MultiplyAdds);
    }

    [Fact]
    public void Sums_agree_with_the_parts()
    {
        using var network = TinyNetworks.Mspn();
        var summary = NetworkSummary.Of(network);
        summary.Parameters.Should().Be(network.parameters().Sum(p => p.numel()));
        summary.Rows.Sum(r => r.Parameters).Should().Be(summary.Parameters);
        summary.Rows.Sum(r => r.MultiplyAdds).Should().Be(summary.MultiplyAdds);
        summary.Layers.Sum(l => l.MultiplyAdds).Should().Be(summary.MultiplyAdds);
        summary.Layers.Where(l => l.Name.StartsWith("stages.1.", StringComparison.Ordinal)).Sum(l => l.MultiplyAdds)
            .Should().Be(summary.Rows.Single(r => r.Name == "stages.1").MultiplyAdds);
        summary.Layers[0].Name.Should().StartWith("stem.");
        summary.FinalMultiplyAdds.Should().BePositive().And.BeLessThan(summary.MultiplyAdds);
    }

    [Fact]
    public void Multiply_adds_grow_with_the_area()
    {
        using var network = TinyNetworks.Mspn();
        NetworkSummary.Of(network, new ImageSize(128, 64)).MultiplyAdds.Should().Be(2 * NetworkSummary.Of(network).MultiplyAdds);
    }

    [Fact]
    public void The_table_names_stages_and_parameters()
    {
        using var network = TinyNetworks.Mspn();
        var text = network.ToString();
        text.Should().ContainAll("MspnNetwork", "64×64", "coco17", "stem", "stages.0", "stages.1", "heads.0", "links.0", "aggregation", "total");
        text.Should().Contain(network.parameters().Sum(p => p.numel()).ToString("N0", System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Weights_statistics_and_mode_stay_as_they_are(bool training)
    {
        using var network = TinyNetworks.Mspn();
        network.train(training);
        var before = TensorBytes.Snapshot(network);
        NetworkSummary.Of(network);
        TensorBytes.ShouldBeSame(TensorBytes.Snapshot(network), before);
        network.modules().Should().OnlyContain(m => m.training == training);
    }

    [Fact]
    public void A_summary_frees_what_it_makes()
    {
        using var network = TinyNetworks.Mspn();
        LiveTensors.ShouldNotGrowDuring(() => NetworkSummary.Of(network));
    }

    private sealed class HandCounted : nn.Module<Tensor, Tensor>, IPoseNetwork
    {
        private readonly Conv2d conv = nn.Conv2d(3, 2, 3, padding: 1);
        private readonly ConvTranspose2d deconv = nn.ConvTranspose2d(2, 1, 2, stride: 2);

        public HandCounted()
            : base(nameof(HandCounted))
        {
            RegisterComponents();
        }

        public KeypointSchema Keypoints { get; } = new() { Name = "one", Keypoints = ["one"] };

        public ImageSize InputSize => new(8, 8);

        public ImageSize HeatmapSize => new(16, 16);

        public override Tensor forward(Tensor input) => deconv.call(conv.call(input));

        public PoseOutput Predict(Tensor images) => new([[call(images)]]);
    }
}
