using Mspn.Core;
using Mspn.Losses;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Mspn.Training.Tests;

/// <summary>Networks that are not on the CPU. Torch's meta device, which has shapes without numbers, stands in for those that not every machine has.</summary>
public class OtherDeviceTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Batches_come_to_where_the_network_is(bool channelsLast)
    {
        using var scope = NewDisposeScope();
        using var network = new MetaNetwork();
        var loss = new WatchingLoss();
        using var stepper = new TrainingStepper(network, loss, new TrainingStepOptions { ChannelsLast = channelsLast });
        var targets = new PoseTargets(zeros([2, 1, 17, 8, 8]), ones(2, 17)) { Extras = new Dictionary<string, Tensor> { [PoseTargets.Mask] = ones(2, 1, 8, 8) } };

        stepper.Step(zeros(2, 3, 32, 32), targets, learningRate: 1e-3).Should().Be(double.NaN);

        network.Seen.Should().Be(DeviceType.META);
        loss.Seen.Should().Equal(Enumerable.Repeat(DeviceType.META, 3));
        targets.Heatmaps.device_type.Should().Be(DeviceType.CPU, "the caller's tensors stay what they are");
    }

    private sealed class MetaNetwork : nn.Module<Tensor, Tensor>, IPoseNetwork
    {
        private readonly Parameter weight = new(zeros(1, device: META));

        public MetaNetwork()
            : base(nameof(MetaNetwork)) => RegisterComponents();

        public DeviceType? Seen { get; private set; }

        public KeypointSchema Keypoints => KeypointSchemas.Coco17;

        public ImageSize InputSize => new(32, 32);

        public ImageSize HeatmapSize => new(8, 8);

        public override Tensor forward(Tensor input) => input * weight;

        public PoseOutput Predict(Tensor images)
        {
            Seen = images.device_type;
            return new PoseOutput([[call(images)]]);
        }
    }

    // Not a number, so that nothing is differentiated.
    private sealed class WatchingLoss : IPoseLoss
    {
        public List<DeviceType> Seen { get; } = [];

        public Tensor Compute(PoseOutput output, PoseTargets targets)
        {
            Seen.AddRange([targets.Heatmaps.device_type, targets.Visibility.device_type, targets.Extra(PoseTargets.Mask).device_type]);
            return tensor(double.NaN);
        }
    }
}
