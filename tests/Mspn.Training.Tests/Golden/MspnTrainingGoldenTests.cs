using System.Text.Json;
using Mspn.Core;
using Mspn.Data;
using Mspn.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Training.Tests.Golden;

/// <summary>Losses, gradients, statistics and Adam steps of the official code, in double precision.</summary>
[Trait("Category", "Golden")]
[Trait("Area", "mspn_train")]
public class MspnTrainingGoldenTests
{
    private const double StatisticsTolerance = 1e-9;

    // Beyond this relative sensitivity the reference itself is chaotic (goldens/README.md).
    private const double LargestRelativeTolerance = 2e-3;

    public static IEnumerable<object?[]> Files => Goldens.Rows("mspn_train", "train_", ".json");

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Losses_gradients_and_statistics_of_the_first_step_are_the_official_ones(string? file)
    {
        var golden = Goldens.Case(file);
        using var setup = new Setup(golden);
        setup.Network.train();
        using var scope = NewDisposeScope();
        var output = setup.Network.Predict(setup.Images);
        CheckStatistics(setup, golden);
        foreach (var (i, combination) in golden.Json.GetProperty("combos").EnumerateObject().Index())
        {
            var loss = setup.Loss(ohkm: Enabled(combination.Name, "OHKM"), coarseToFine: Enabled(combination.Name, "COARSE_TO_FINE"))
                .Compute(output, setup.Targets);
            var expected = combination.Value.Number("loss_float64");
            loss.item<double>().Should().BeApproximately(expected, setup.LossTolerance * Math.Abs(expected), combination.Name);
            if (i == 0 || Goldens.AreGiven || !IsInSmallerCase("combos", combination.Name, golden))
            {
                setup.Network.zero_grad();
                autograd.backward(loss, retain_graph: true);
                CheckGradients(setup, combination.Value.GetProperty("grads"), combination.Name);
            }
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Five_steps_of_training_follow_the_official_code(string? file)
    {
        var golden = Goldens.Case(file);
        using var setup = new Setup(golden);
        // As a trainer steps that is not told otherwise.
        var usual = new TrainerOptions { Budget = TrainingBudget.OfSteps(1), OutputFolder = "nowhere" };
        var options = new TrainingStepOptions { WeightDecay = usual.WeightDecay, ChannelsLast = usual.ChannelsLast };
        foreach (var schedule in golden.Json.GetProperty("training").EnumerateObject().Where(s => Goldens.AreGiven || !IsInSmallerCase("training", s.Name, golden)))
        {
            setup.Refill();
            var expected = schedule.Value;
            using var stepper = new TrainingStepper(setup.Network, setup.Loss(ohkm: true, coarseToFine: true), options);
            var losses = expected.Numbers("loss_per_step_float64");
            var sensitivity = expected.Numbers("float64_sensitivity_loss_rel");
            var rates = expected.Numbers("lr_per_step");
            for (var step = 0; step < rates.Length; step++)
            {
                var loss = stepper.Step(setup.Images, setup.Targets, rates[step]);
                var tolerance = Math.Min(LargestRelativeTolerance, Math.Max(setup.LossTolerance, 100 * Sensitivity(sensitivity, step)));
                loss.Should().BeApproximately(losses[step], tolerance * Math.Abs(losses[step]), $"{schedule.Name}, step {step + 1}");
            }
            CheckParameters(setup, expected.GetProperty("params_after"), schedule.Name);
        }
    }

    // A rounding that turns a rectifier or exchanges hard keypoints makes the loss jump, and which of two steps it happens at is chance as well: with the
    // same weights, one thread and two part by 1e-11 after two steps, and the jump of 6e-5 comes at the fifth step with one and at the fourth with two.
    private static double Sensitivity(double[] perStep, int step) => perStep.Skip(step).Take(2).Max();

    // These steps in double precision are the slowest tests of all: from the copy in this repository each schedule is followed once, and each combination
    // of losses but the official one is followed back once.
    private static bool IsInSmallerCase(string section, string name, GoldenCase golden) => Files.Select(row => Goldens.Case((string?)row[0]))
        .Any(other => Pixels(other) < Pixels(golden) && other.Json.GetProperty(section).TryGetProperty(name, out _));

    private static long Pixels(GoldenCase golden) => golden.Json.GetProperty("config").GetProperty("INPUT_SHAPE").EnumerateArray()
        .Aggregate(1L, (product, side) => product * side.GetInt64());

    private static bool Enabled(string combination, string name) => combination.Contains(name + "=True", StringComparison.Ordinal);

    private static void CheckStatistics(Setup setup, GoldenCase golden)
    {
        var (named, tensors) = (setup.Named, golden.Tensors);
        foreach (var layer in golden.Json.GetProperty("bn_after_first_forward").GetProperty("layers").EnumerateArray())
        {
            foreach (var statistic in new[] { ".running_mean", ".running_var" })
            {
                var key = layer.GetString() + statistic;
                var expected = tensors.Doubles(key + ".float64");
                Differences.Largest(named[key].Doubles(), expected, key).Should().BeLessThanOrEqualTo(StatisticsTolerance * expected.Max(Math.Abs), key);
            }
        }
    }

    private static void CheckGradients(Setup setup, JsonElement gradients, string because)
    {
        var named = setup.Named;
        foreach (var gradient in gradients.EnumerateObject().Where(g => !IsConvolutionBias(g.Name)))
        {
            var values = named[gradient.Name].grad!.Doubles();
            var length = Math.Sqrt(values.Sum(v => v * v));
            var expected = gradient.Value.Number("l2_float64");
            length.Should().BeApproximately(expected, setup.GradientTolerance * expected, $"{because}: {gradient.Name}");
            var first = gradient.Value.Numbers("first8_float64");
            Differences.Largest(values[..first.Length], first)
                .Should().BeLessThanOrEqualTo(setup.GradientTolerance * gradient.Value.Number("max_abs_first8"), $"{because}: {gradient.Name}");
        }
    }

    private static void CheckParameters(Setup setup, JsonElement parameters, string because)
    {
        var compared = parameters.EnumerateObject().Where(p => !IsConvolutionBias(p.Name)).ToArray();
        // One run tells a layer's sensitivity by chance: 2e-5 was seen after such a jump where the file's own is 7e-8, and 2e-5 for half of the layers.
        var usual = compared.Select(p => p.Value.Number("float64_sensitivity_first8_abs")).Order().ElementAt(compared.Length / 2);
        var named = setup.Named;
        foreach (var parameter in compared)
        {
            var expected = parameter.Value.Numbers("first8_float64");
            var actual = named[parameter.Name].Doubles();
            var tolerance = Math.Max(1e-9, 100 * Math.Max(usual, parameter.Value.Number("float64_sensitivity_first8_abs")));
            Differences.Largest(actual[..expected.Length], expected)
                .Should().BeLessThanOrEqualTo(tolerance, $"{because}: {parameter.Name}");
        }
    }

    // A bias in front of a normalisation has a gradient of zero in theory and of rounding noise in practice, which Adam blows up.
    private static bool IsConvolutionBias(string key) => key.EndsWith(".conv.bias", StringComparison.Ordinal);

    private sealed class Setup : IDisposable
    {
        private readonly JsonElement _json;

        public Setup(GoldenCase golden)
        {
            _json = golden.Json;
            var tolerance = golden.Entry.GetProperty("tolerance").EnumerateObject().Single(p => p.Name.StartsWith("float64", StringComparison.Ordinal)).Value;
            (LossTolerance, GradientTolerance) = (tolerance.Number("loss_rel"), tolerance.Number("grad_l2_rel"));
            var config = _json.GetProperty("config");
            var batch = config.Int("batch");
            Network = GoldenMspn.Build(config);
            Network.to(ScalarType.Float64);
            var size = Network.InputSize;
            var keypoints = config.Int("KEYPOINT_NUM");
            Images = Double(SeededFill.Input("input", golden.Seed, batch, 3, size.Height, size.Width));
            using var scope = NewDisposeScope();
            // In single precision, as a loader gives them.
            Targets = new PoseTargets(
                MakeLabels(golden, config, batch, keypoints).MoveToOuterDisposeScope(),
                golden.Tensors.Read("valids").to(ScalarType.Float32).reshape(batch, keypoints).MoveToOuterDisposeScope());
            Refill();
        }

        public double LossTolerance { get; }

        public double GradientTolerance { get; }

        public MspnNetwork Network { get; }

        public Tensor Images { get; }

        public PoseTargets Targets { get; }

        public Dictionary<string, Tensor> Named
        {
            get
            {
                var keys = GoldenMspn.Keys(Network);
                return NetworkWeights.Of(Network).ToDictionary(p => keys(p.Key), p => p.Value, StringComparer.Ordinal);
            }
        }

        public void Refill() => SeededFill.Fill(
            Network, GoldenMspn.Keys(Network), _json.GetProperty("seed").GetUInt64(),
            _json.TryGetProperty("fill_numerator", out var n) ? n.Number() : 3);

        public MultiStageLoss Loss(bool ohkm, bool coarseToFine)
        {
            var mse = new JointsMseLoss();
            return new MultiStageLoss(mse, ohkm ? new OhkmLoss(_json.GetProperty("config").Int("TOPK")) : mse)
            {
                CoarseToFineSupervision = coarseToFine,
            };
        }

        public void Dispose()
        {
            Network.Dispose();
            Images.Dispose();
            Targets.Dispose();
        }

        private static Tensor Double(Tensor tensor)
        {
            using (tensor)
            {
                return tensor.to(ScalarType.Float64);
            }
        }

        private static Tensor MakeLabels(GoldenCase golden, JsonElement config, int batch, int keypoints)
        {
            var map = GoldenMspn.Size(config, "OUTPUT_SHAPE");
            var crop = GoldenMspn.Size(config, "INPUT_SHAPE");
            if (golden.Json.GetProperty("labels").Text("kind").StartsWith("labels = 127.5f*(r+1f)", StringComparison.Ordinal))
            {
                var r = SeededFill.Input("labels", golden.Seed, batch, 5, keypoints, map.Height, map.Width);
                return (r + 1f) * 127.5f;
            }
            var target = new CoarseToFineHeatmapTarget();
            var joints = golden.Tensors.Doubles("joints");
            var valids = golden.Tensors.Doubles("valids");
            var perPerson = target.Kernels.Count * keypoints * map.Height * map.Width;
            var labels = new float[batch * perPerson];
            for (var i = 0; i < batch; i++)
            {
                var person = Enumerable.Range(i * keypoints, keypoints)
                    .Select(j => new Keypoint(joints[2 * j], joints[2 * j + 1], (float)valids[j])).ToArray();
                target.Encode(person, crop, map, labels.AsSpan(i * perPerson, perPerson));
            }
            CheckLabels(golden, labels);
            return tensor(labels, [batch, target.Kernels.Count, keypoints, map.Height, map.Width]);
        }

        private static void CheckLabels(GoldenCase golden, float[] labels)
        {
            var stride = golden.Json.GetProperty("labels").Int("labels_sample_stride");
            var expected = golden.Tensors.Doubles("labels_sample");
            Differences.Largest(labels.Where((_, i) => i % stride == 0).ToArray(), expected).Should().BeLessThanOrEqualTo(2e-4);
        }
    }
}
