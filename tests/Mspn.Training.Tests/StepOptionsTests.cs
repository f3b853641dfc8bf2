using Mspn.Core;
using Mspn.Data;
using Mspn.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Training.Tests;

/// <summary>What steps do besides following the gradient of one batch. In double precision, so that nothing hides in rounding.</summary>
public sealed class StepOptionsTests : IDisposable
{
    private static readonly TrainingStepOptions Everything = new()
    {
        GradientClip = 1,
        AverageDecay = 0.9,
        ChannelsLast = true,
        Layers = [new("stem.*", 0.5), LayerRule.Frozen("stages.0.*")],
    };

    private readonly OneThread _thread = new();
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Tensor _images;
    private readonly PoseTargets _targets;

    public StepOptionsTests()
    {
        using var batch = SmallRun.Loader().Epoch(0).First();
        _images = batch.Images.to(ScalarType.Float64);
        _targets = new PoseTargets(batch.Targets.Heatmaps.to(ScalarType.Float64), batch.Targets.Visibility.to(ScalarType.Float64));
    }

    public void Dispose()
    {
        _scope.Dispose();
        _thread.Dispose();
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(4, 2)]
    [InlineData(1, 2, 3)]
    public void Batches_accumulate_to_the_step_of_one_large_batch(params int[] sizes)
    {
        // Normalisations that keep their statistics see every person alone.
        var options = new TrainingStepOptions { Layers = [new LayerRule("*", 1, FreezeStatistics: true)] };
        var whole = AfterOneStep(options, s => s.Accumulate(_images, _targets));
        var parts = AfterOneStep(options, s =>
        {
            var start = 0;
            foreach (var size in sizes)
            {
                s.Accumulate(_images.narrow(0, start, size), Part(start, size));
                start += size;
            }
        });
        ShouldBeClose(parts, whole);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1e6)]
    public void Gradients_are_clipped_as_torch_does_it(double norm)
    {
        using var network = Network();
        network.train();
        new MultiStageLoss().Compute(network.Predict(_images), _targets).backward();
        var length = nn.utils.clip_grad_norm_(network.parameters(), norm);
        var expected = network.named_parameters().ToDictionary(p => "exp_avg/" + p.name, p => p.parameter.grad!.mul(1 - 0.9));

        double? measured = null;
        var moments = AfterOneStep(
            new TrainingStepOptions { WeightDecay = 0, GradientClip = norm }, s => s.Accumulate(_images, _targets), s => measured = s.GradientNorm);

        measured.Should().BeApproximately(length, 1e-9 * length).And.BeGreaterThan(1).And.BeLessThan(1e6);
        ShouldBeClose(moments.Where(m => expected.ContainsKey(m.Key)).ToDictionary(), expected);
    }

    [Fact]
    public void The_average_follows_the_weights()
    {
        const double decay = 0.8;
        using var network = Network();
        using var stepper = new TrainingStepper(network, new MultiStageLoss(), new TrainingStepOptions { AverageDecay = decay });
        var expected = Weights(network);
        for (var step = 0; step < 3; step++)
        {
            stepper.Step(_images, _targets, 1e-2);
            expected = Weights(network).ToDictionary(p => p.Key, p => p.Value.mul(1 - decay).add(expected[p.Key].mul(decay)));
        }
        ShouldBeClose(stepper.Average(), expected);

        var (weights, all) = (Weights(network), TensorBytes.Snapshot(network));
        stepper.SwapAverage();
        ShouldBeClose(Weights(network), expected);
        ShouldBeClose(stepper.Average(), weights);
        stepper.SwapAverage();
        TensorBytes.ShouldBeSame(TensorBytes.Snapshot(network), all);
    }

    [Fact]
    public void Layers_move_at_their_rates_and_frozen_ones_not_at_all()
    {
        var rules = new[] { LayerRule.Frozen("stem.*"), new LayerRule("stages.0.encoder.*", 0.25), new LayerRule("stages.1.encoder.*", 0) };
        var before = Snapshot(null);
        var (plain, ruled) = (Snapshot([]), Snapshot(rules));

        foreach (var (name, was) in before)
        {
            var (free, bound) = (plain[name].sub(was), ruled[name].sub(was));
            var statistics = name.Contains("running", StringComparison.Ordinal);
            if (name.StartsWith("stem.", StringComparison.Ordinal))
            {
                Largest(bound).Should().Be(0, name);
            }
            else if (statistics || name.EndsWith("tracked", StringComparison.Ordinal))
            {
                Largest(bound).Should().BePositive(name);
            }
            else if (name.StartsWith("stages.1.encoder.", StringComparison.Ordinal))
            {
                Largest(bound).Should().Be(0, name);
            }
            else if (!name.Contains("stages.0.encoder.", StringComparison.Ordinal))
            {
                // A step of Adam's is as long for other gradients, and these are others behind a stem that keeps its statistics.
                Largest(bound).Should().BeApproximately(Largest(free), 0.02 * Largest(free), name);
            }
            else
            {
                Largest(bound).Should().BeApproximately(0.25 * Largest(free), 0.02 * Largest(free), name);
            }
        }
    }

    [Fact]
    public void Frozen_layers_are_let_go_when_training_ends()
    {
        using var network = Network();
        var before = network.parameters().Count(p => p.requires_grad);
        using (var stepper = new TrainingStepper(network, new MultiStageLoss(), new TrainingStepOptions { Layers = [LayerRule.Frozen("stages.*")] }))
        {
            network.named_parameters().Where(p => p.parameter.requires_grad).Should().OnlyContain(p => !p.name.StartsWith("stages.", StringComparison.Ordinal));
            stepper.Layers.Should().ContainSingle().Which.ToString().Should().Contain("frozen").And.Contain("keep their statistics");
        }
        network.parameters().Count(p => p.requires_grad).Should().Be(before);
        var everything = () => new TrainingStepper(network, new MultiStageLoss(), new TrainingStepOptions { Layers = [LayerRule.Frozen("*")] });
        everything.Should().Throw<ArgumentException>().WithMessage("*no trainable parameters*");
        network.parameters().Count(p => p.requires_grad).Should().Be(before);
    }

    [Fact]
    public void Rules_catch_in_their_order_and_one_that_catches_nothing_is_an_error()
    {
        using var network = Network();
        var reports = LayerRule.Check(network, [new("stages.0.*.bias", 2), new("stages.0.*"), new("heads.?.*")]);
        reports[0].Parameters.Should().NotBeEmpty().And.OnlyContain(n => n.EndsWith(".bias", StringComparison.Ordinal));
        reports[1].Parameters.Should().NotBeEmpty().And.OnlyContain(n => n.StartsWith("stages.0.", StringComparison.Ordinal)).And.NotIntersectWith(reports[0].Parameters);
        reports.SelectMany(r => r.FrozenStatistics).Should().BeEmpty();

        var typo = () => LayerRule.Check(network, [new("stage.0.*")]);
        typo.Should().Throw<ArgumentException>().WithMessage("*'stage.0.*' catches no parameter;*stem.*");
        var taken = () => LayerRule.Check(network, [new("*"), new("stem.*")]);
        taken.Should().Throw<ArgumentException>().WithMessage("*'stem.*' catches no parameter that the rules before it leave*");
        var negative = () => LayerRule.Check(network, [new("*", -1)]);
        negative.Should().Throw<ArgumentException>().WithMessage("*factor of '*'*");
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Steps_with_everything_on_free_what_they_make(bool bfloat16, bool recompute)
    {
        using var network = bfloat16 ? TinyNetworks.Mspn() : Network();
        var type = bfloat16 ? ScalarType.Float32 : ScalarType.Float64;
        var (images, targets) = (_images.to(type), new PoseTargets(_targets.Heatmaps.to(type), _targets.Visibility.to(type)));
        var options = Everything with { BFloat16 = bfloat16, Recompute = recompute };
        using var stepper = new TrainingStepper(network, new MultiStageLoss(), options);
        LiveTensors.ShouldNotGrowDuring(() =>
        {
            stepper.Accumulate(images, targets);
            stepper.Accumulate(images, targets);
            stepper.Step(1e-3);
            stepper.SwapAverage();
            stepper.SwapAverage();
        });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Recomputed_steps_with_everything_on_are_the_plain_ones(bool everything)
    {
        var options = everything ? Everything : new TrainingStepOptions();
        var plain = AfterTwoSteps(options);
        ShouldBeClose(AfterTwoSteps(options with { Recompute = true }), plain);

        Dictionary<string, Tensor> AfterTwoSteps(TrainingStepOptions options)
        {
            using var network = Network();
            using var stepper = new TrainingStepper(network, new MultiStageLoss(), options);
            for (var step = 0; step < 2; step++)
            {
                stepper.Accumulate(_images.narrow(0, 0, 4), Part(0, 4));
                stepper.Accumulate(_images.narrow(0, 4, 2), Part(4, 2));
                stepper.Step(1e-6); // Adam turns the rounding of gradients that cancel out into whole steps
            }
            return stepper.OptimizerState().Moments.Concat(stepper.Average().Select(a => KeyValuePair.Create("average/" + a.Key, a.Value)))
                .ToDictionary(m => m.Key, m => m.Value.clone());
        }
    }

    private static MspnNetwork Network()
    {
        var network = TinyNetworks.Mspn();
        network.to(ScalarType.Float64);
        return network;
    }

    private static Dictionary<string, Tensor> Weights(MspnNetwork network) =>
        network.named_parameters().ToDictionary(p => p.name, p => p.parameter.detach().clone());

    private static double Largest(Tensor tensor) => tensor.to(ScalarType.Float64).abs().max().item<double>();

    private static void ShouldBeClose(IReadOnlyDictionary<string, Tensor> actual, IReadOnlyDictionary<string, Tensor> expected)
    {
        actual.Keys.Should().BeEquivalentTo(expected.Keys);
        // A convolution's bias in front of a normalisation has a gradient of nothing but rounding, so the scale is that of all tensors.
        var scale = expected.Values.Max(Largest);
        foreach (var (name, tensor) in expected)
        {
            Largest(actual[name].sub(tensor)).Should().BeLessThan(1e-11 * scale, name);
        }
    }

    private Dictionary<string, Tensor> AfterOneStep(TrainingStepOptions options, Action<TrainingStepper> accumulate, Action<TrainingStepper>? look = null)
    {
        using var network = Network();
        using var stepper = new TrainingStepper(network, new MultiStageLoss(), options);
        accumulate(stepper);
        stepper.Step(1e-3);
        look?.Invoke(stepper);
        return stepper.OptimizerState().Moments.ToDictionary(m => m.Key, m => m.Value.clone());
    }

    // All tensors after a step, or before it.
    private Dictionary<string, Tensor> Snapshot(LayerRule[]? rules)
    {
        using var network = Network();
        if (rules is not null)
        {
            using var stepper = new TrainingStepper(network, new MultiStageLoss(), new TrainingStepOptions { Layers = rules });
            stepper.Step(_images, _targets, 1e-3);
        }
        return NetworkWeights.Of(network).ToDictionary(p => p.Key, p => p.Value.detach().clone());
    }

    private PoseTargets Part(int start, int size) => new(_targets.Heatmaps.narrow(0, start, size), _targets.Visibility.narrow(0, start, size));
}
