using Mspn.Core;
using Mspn.Data;
using Mspn.Losses;
using TorchSharp;
using static Mspn.Testing.RawCheckpoint;
using static TorchSharp.torch;

namespace Mspn.Training.Tests;

public sealed class AdamImportTests : IDisposable
{
    private const double Rate = 1e-3;

    private static readonly MspnOptions WithBiases = TinyNetworks.Options;
    private static readonly MspnOptions WithoutBiases = TinyNetworks.Options with { ConvolutionBias = false };

    private readonly OneThread _thread = new();
    private readonly PoseBatch _batch = SmallRun.Loader().Epoch(0).First();
    private readonly MspnNetwork _network = TinyNetworks.Mspn();
    private readonly TrainingStepper _stepper;

    public AdamImportTests() => _stepper = new TrainingStepper(_network, new MultiStageLoss());

    public void Dispose()
    {
        _stepper.Dispose();
        _network.Dispose();
        _batch.Dispose();
        _thread.Dispose();
    }

    [Theory]
    [InlineData("model", false)]
    [InlineData("state_dict", true)]
    public void Training_goes_on_from_an_official_checkpoint_as_if_nothing_had_happened(string top, bool twoGroups)
    {
        var saved = Trained(_network, _stepper, WithBiases);
        saved.Top = top;
        if (twoGroups)
        {
            Regroup(saved);
        }
        using var checkpoint = saved.Open();
        using var other = TinyNetworks.Mspn(seed: 2);
        using var resumed = new TrainingStepper(other, new MultiStageLoss());
        var report = Import(checkpoint, other, resumed, WithBiases);
        Losses(resumed).Should().Equal(Losses(_stepper));
        TensorBytes.ShouldBeSame(TensorBytes.Snapshot(other), TensorBytes.Snapshot(_network));
        report.Restored.Should().BeEquivalentTo(_network.named_parameters().Select(p => p.name));
        (report.Steps, report.LearningRate, report.WeightDecay, report.Iteration).Should().Be((3, 1.25e-4, 1e-5, 1200));
        report.ToString().Should().Contain("Adam after 3 steps, learning rate 0.000125, weight decay 1E-05").And.NotContain("zero").And.NotContain("dropped");
    }

    [Fact]
    public void Moments_of_biases_that_ours_lacks_are_dropped()
    {
        using var checkpoint = Trained(_network, _stepper, WithBiases).Open();
        using var other = TinyNetworks.Mspn(WithoutBiases, seed: 2);
        using var resumed = new TrainingStepper(other, new MultiStageLoss());
        var report = Import(checkpoint, other, resumed, WithoutBiases);
        ShouldBeClose(Losses(resumed), Losses(_stepper));
        report.Dropped.Should().NotBeEmpty().And.OnlyContain(n => n.EndsWith(".conv.bias"));
        (report.Restored.Count + report.Dropped.Count).Should().Be(_network.named_parameters().Count());
        report.ToString().Should().Contain($"{report.Dropped.Count} dropped: ");
    }

    [Fact]
    public void Moments_of_biases_that_the_file_lacks_are_zero()
    {
        using var trained = TinyNetworks.Mspn(WithoutBiases);
        using var stepper = new TrainingStepper(trained, new MultiStageLoss());
        using var checkpoint = Trained(trained, stepper, WithoutBiases).Open();
        _stepper.Step(_batch.Images, _batch.Targets, Rate);
        var report = Import(checkpoint, _network, _stepper, WithBiases);
        report.Restored.Should().HaveCount(trained.named_parameters().Count());
        report.ZeroedBiases.Should().HaveCount(_network.named_parameters().Count() - report.Restored.Count).And.OnlyContain(n => n.EndsWith(".bias"));
        using (NewDisposeScope())
        {
            var moments = _stepper.OptimizerState().Moments;
            report.ZeroedBiases.Should().OnlyContain(n => moments["exp_avg/" + n].Doubles().Concat(moments["exp_avg_sq/" + n].Doubles()).All(v => v == 0));
        }
        ShouldBeClose(Losses(_stepper), Losses(stepper));
    }

    [Fact]
    public void A_parameter_that_was_never_moved_has_zero_moments()
    {
        var saved = Trained(_network, _stepper, WithBiases);
        saved.State[4].Clear();
        using var checkpoint = saved.Open();
        var report = AdamImport.Load(_stepper, checkpoint, PyramidKeys.Official(WithBiases));
        var ours = PyramidKeys.Official(WithBiases).Ours(saved.Names[4])!;
        report.NeverMoved.Should().Equal(ours);
        using var scope = NewDisposeScope();
        _stepper.OptimizerState().Moments["exp_avg_sq/" + ours].Doubles().Should().OnlyContain(v => v == 0);
    }

    [Fact]
    public void Moments_of_parameters_that_are_not_trained_here_are_dropped()
    {
        using var checkpoint = Trained(_network, _stepper, WithBiases).Open();
        using var other = TinyNetworks.Mspn();
        other.get_parameter("stem.conv.conv.weight")!.requires_grad_(false);
        using var stepper = new TrainingStepper(other, new MultiStageLoss());
        var report = AdamImport.Load(stepper, checkpoint, PyramidKeys.Official(WithBiases));
        report.Dropped.Should().Equal("top.conv.conv.weight");
        report.Restored.Should().HaveCount(other.named_parameters().Count() - 1);
    }

    [Theory]
    [InlineData("no optimiser", "it has no optimiser's state")]
    [InlineData("no groups", "its 'optimizer' holds 'state', 'param_groups', where*")]
    [InlineData("no step", "its optimiser keeps nothing for any parameter*")]
    [InlineData("SGD", "its optimiser is not Adam: it keeps 'momentum_buffer' for each parameter*")]
    [InlineData("AMSGrad", "its optimiser is Adam's AMSGrad variant ('max_exp_avg_sq'), which this library does not have")]
    [InlineData("AMSGrad's flag", "its optimiser is Adam's AMSGrad variant, which this library does not have")]
    [InlineData("AdamW", "its optimiser is AdamW*")]
    [InlineData("maximising", "its optimiser is set to climb*")]
    [InlineData("RAdam", "its parameter group 0 has no 'amsgrad'*")]
    [InlineData("other betas", "its optimiser's betas[1] is 0.99, where this library's Adam has 0.999")]
    [InlineData("other epsilon", "its optimiser's eps is 1E-06, where this library's Adam has 1E-08")]
    [InlineData("rates by group", "its parameter groups have different lr: 0.000125 and 0.5")]
    [InlineData("no rate", "its optimiser's lr is not a number")]
    [InlineData("fewer parameters", "its optimiser has 3 parameters, its state dict *")]
    [InlineData("twice", "its parameter groups list a parameter twice")]
    [InlineData("names for numbers", "its parameter groups list something else than numbers")]
    [InlineData("other steps", "its parameters have done different numbers of steps*have done 1, such as *, 1 have done 7, such as *")]
    [InlineData("half a step", "1 parameters have no whole number of steps, such as *")]
    [InlineData("another shape", "1 moments do not have their parameters' shapes: exp_avg_sq of * ([5] for *)")]
    [InlineData("no squares", "1 moments do not have their parameters' shapes: exp_avg_sq of * (not there)")]
    [InlineData("other weights", "its weights do not fit the network with the names of official: 1 missing: *")]
    public void What_cannot_be_gone_on_with_is_refused_with_the_reason(string wrong, string reason)
    {
        _stepper.Step(_batch.Images, _batch.Targets, Rate);
        var saved = new OfficialCheckpoint(_network, _stepper, PyramidKeys.Official(WithBiases));
        Spoil(saved, wrong);
        using var checkpoint = saved.Open();
        var keys = PyramidKeys.Official(WithBiases);
        var report = AdamImport.Check(_network, checkpoint, keys);
        report.Fits.Should().BeFalse();
        report.Problems.Should().ContainSingle().Which.Should().Match(reason);
        using var scope = NewDisposeScope();
        var before = _stepper.OptimizerState().Moments.ToDictionary(m => m.Key, m => m.Value.Bytes());
        var load = () => AdamImport.Load(_stepper, checkpoint, keys);
        load.Should().Throw<PoseDataException>().WithMessage($"raw: training cannot go on with its optimiser: {reason}.");
        report.ToString().Should().Match($"raw: training cannot go on with its optimiser: {reason}.");
        TensorBytes.ShouldBeSame(_stepper.OptimizerState().Moments.ToDictionary(m => m.Key, m => m.Value.Bytes()), before);
    }

    private static void Spoil(OfficialCheckpoint saved, string wrong)
    {
        using var scope = NewDisposeScope();
        var group = saved.Groups[0];
        Action spoil = wrong switch
        {
            "no optimiser" => () => saved.HasOptimizer = false,
            "no groups" => saved.Groups.Clear,
            "no step" => () => saved.State.ForEach(s => s.Clear()),
            "SGD" => () => saved.State.ForEach(s => { s["momentum_buffer"] = s["exp_avg"]; s.Remove("exp_avg"); s.Remove("exp_avg_sq"); s.Remove("step"); }),
            "AMSGrad" => () => saved.State.ForEach(s => s["max_exp_avg_sq"] = s["exp_avg_sq"]),
            "AMSGrad's flag" => () => group["amsgrad"] = OfficialCheckpoint.True,
            "AdamW" => () => group["decoupled_weight_decay"] = OfficialCheckpoint.True,
            "maximising" => () => group["maximize"] = OfficialCheckpoint.True,
            "RAdam" => () => group.Remove("amsgrad"),
            "other betas" => () => group["betas"] = OfficialCheckpoint.Numbers(0.9, 0.99),
            "other epsilon" => () => group["eps"] = Number(1e-6),
            "rates by group" => () => { Regroup(saved); saved.Groups[1]["lr"] = Number(0.5); },
            "no rate" => () => group["lr"] = "N",
            "fewer parameters" => () => { saved.Groups.Clear(); saved.Group(0, 3); },
            "twice" => () => { saved.Groups.Clear(); saved.Group(0, 3); saved.Group(2, saved.State.Count - 3); },
            "names for numbers" => () => group["params"] = List(Text("a")),
            "other steps" => () => saved.State[2]["step"] = Number(7L),
            "half a step" => () => saved.State[2]["step"] = Number(2.5),
            "another shape" => () => saved.State[2]["exp_avg_sq"] = saved.Code(ones(5)),
            "no squares" => () => saved.State[2].Remove("exp_avg_sq"),
            "other weights" => () => saved.Weights.Remove("module." + saved.Names[0]),
            _ => throw new ArgumentException($"'{wrong}' is unknown.", nameof(wrong)),
        };
        spoil();
        if (wrong == "other weights")
        {
            // The optimiser is one of these weights, which are not the network's.
            saved.State.RemoveAt(0);
            saved.Groups.Clear();
            saved.Group(0, saved.State.Count);
        }
    }

    private static void Regroup(OfficialCheckpoint saved)
    {
        saved.Groups.Clear();
        saved.Group(0, 5);
        saved.Group(5, saved.State.Count - 5);
    }

    private static AdamImportReport Import(PytorchFile checkpoint, MspnNetwork network, TrainingStepper stepper, MspnOptions options)
    {
        var keys = PyramidKeys.Official(options);
        WeightImport.Load(network, CheckpointLayout.Of(checkpoint).Weights, keys);
        var expected = AdamImport.Check(network, checkpoint, keys);
        var report = AdamImport.Load(stepper, checkpoint, keys);
        report.Should().BeEquivalentTo(expected);
        report.Fits.Should().BeTrue();
        stepper.OptimizerState().Steps.Should().Be(report.Steps);
        return report;
    }

    private static void ShouldBeClose(double[] actual, double[] expected) =>
        actual.Zip(expected).Should().OnlyContain(p => Math.Abs(p.First - p.Second) <= 1e-6 * p.Second).And.HaveCount(expected.Length);

    private OfficialCheckpoint Trained(MspnNetwork network, TrainingStepper stepper, MspnOptions options)
    {
        Losses(stepper);
        return new OfficialCheckpoint(network, stepper, PyramidKeys.Official(options));
    }

    private double[] Losses(TrainingStepper stepper) => [.. Enumerable.Range(0, 3).Select(_ => stepper.Step(_batch.Images, _batch.Targets, Rate))];
}
