using System.Text.Json;
using Mspn.Core;
using Mspn.Data;
using Mspn.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Training.Tests.Golden;

/// <summary>mmpose's MSPNHead on given features: heads, targets, coarse-to-fine losses and their gradients together.</summary>
[Trait("Category", "Golden")]
[Trait("Area", "mmpose")]
public class MmposeHeadGoldenTests
{
    // Maps are a quarter of the input in all its configurations.
    private const int Stride = 4;

    public static IEnumerable<object?[]> Files => Goldens.Rows("mmpose", "head_loss", ".safetensors");

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Loss_gradients_accuracy_and_maps_are_mmposes(string? file)
    {
        var golden = Goldens.Case(file);
        var (json, tensors, tolerance) = (golden.Json, golden.Tensors, golden.Entry.GetProperty("tolerance"));
        var config = json.GetProperty("config");
        foreach (var mode in new[] { "eval", "train" })
        {
            using var scope = NewDisposeScope();
            var heads = MakeHeads(config, json.GetProperty("seed").GetUInt64());
            var features = MakeFeatures(json, config);
            var targets = MakeTargets(golden, config);
            foreach (var head in heads)
            {
                head.train(mode == "train");
            }
            var (units, size) = (config.Int("num_units"), GoldenMspn.Size(config, "out_shape"));
            var output = new PoseOutput([.. features.Select((stage, s) => (IReadOnlyList<Tensor>)[.. stage.Select((feature, unit) =>
                heads[s * units + unit].call(feature, (size.Height, size.Width)))])]);
            if (mode == "eval")
            {
                var expected = tensors.Doubles("last_heatmap");
                Differences.Largest(output.Final.Doubles(), expected).Should().BeLessThan(tolerance.Number("loss_rel") * expected.Max(Math.Abs));
            }

            var loss = Loss(PoseLosses.Mmpose(config.Int("topk")), output, targets, Levels(config));
            loss.backward();

            var number = json.Number($"{mode}.loss_kpt_float64");
            loss.item<double>().Should().BeApproximately(number, tolerance.Number("loss_rel") * number, mode);
            for (var stage = 0; stage < features.Length; stage++)
            {
                for (var unit = 0; unit < units; unit++)
                {
                    var norm = json.GetProperty($"{mode}.grad_l2_float64").Number($"feat.{stage}.{unit}");
                    features[stage][unit].grad!.norm().item<double>().Should().BeApproximately(norm, tolerance.Number("grad_l2_rel") * norm, mode);
                }
            }
            var finest = targets.Heatmaps.select(1, Levels(config)[^1][^1]);
            HeatmapAccuracy.Of(output.Final, finest, visibility: targets.Visibility).Mean
                .Should().BeApproximately(json.Number($"{mode}.acc_pose_float64"), 1e-9, mode);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Levels_are_those_of_coarse_to_fine_supervision(string? file)
    {
        var config = Goldens.Case(file).Json.GetProperty("config");
        var (stages, units) = (config.Int("num_stages"), config.Int("num_units"));
        var kernels = config.GetProperty("kernels").GetArrayLength();
        Skip.If(kernels != units + Math.Min(stages - 1, 1), "mmpose's own configurations have a kernel more than scales, or as many for one stage.");
        Levels(config).Should().BeEquivalentTo(OfCoarseToFine(stages, units, kernels), o => o.WithStrictOrdering());
    }

    // Which kernel supervises each scale of each stage: the file's choice, and the library's.
    private static int[][] Levels(JsonElement config) =>
        [.. config.Numbers("level_indices").Select(level => (int)level).Chunk(config.Int("num_units"))];

    private static int[][] OfCoarseToFine(int stages, int units, int kernels) => [.. Enumerable.Range(0, stages).Select(stage =>
        Enumerable.Range(0, units).Select(unit => CoarseToFine.KernelIndex(stage, stages, unit, units, kernels)).ToArray())];

    // mmpose lets a configuration choose any levels. Ours go in one call; others stage by stage, each with the maps that it asks for.
    private static Tensor Loss(MultiStageLoss loss, PoseOutput output, PoseTargets targets, int[][] levels)
    {
        var ours = OfCoarseToFine(levels.Length, levels[0].Length, (int)targets.Heatmaps.shape[1]);
        return levels.SelectMany(l => l).SequenceEqual(ours.SelectMany(l => l))
            ? loss.Compute(output, targets)
            : stack(levels.Select((chosen, stage) => loss.Compute(
                new PoseOutput([output.Heatmaps[stage]]),
                targets with { Heatmaps = stack(chosen.Select(level => targets.Heatmaps.select(1, level)), 1) }))).sum();
    }

    private static PoseHead[] MakeHeads(JsonElement config, ulong seed)
    {
        var (channels, maps) = (config.Int("unit_channels"), config.Int("out_channels"));
        return [.. Enumerable.Range(0, config.Int("num_stages") * config.Int("num_units")).Select(i =>
        {
            PoseHead head = new HeatmapHead(channels, maps, bias: false);
            var refined = config.GetProperty("use_prm").GetBoolean();
            head = refined ? new PoseRefineMachine(head, maps) : head;
            head.to(ScalarType.Float64);
            // The map for whole networks knows the names; the head alone stands for one of theirs.
            var keys = PyramidKeys.Mmpose(new ResidualStepsOptions { Stages = 1, BlocksPerLevel = [1], RefineMachine = refined });
            SeededFill.Fill(head, name => keys.Theirs($"heads.0.maps.0.{name}")!.Replace("head.predict_layers.0.", $"predict_layers.{i}."), seed);
            return head;
        })];
    }

    private static Tensor[][] MakeFeatures(JsonElement json, JsonElement config)
    {
        var sizes = json.Rows("feature_sizes");
        var (batch, channels) = (config.Int("batch"), config.Int("unit_channels"));
        return [.. Enumerable.Range(0, config.Int("num_stages")).Select(stage => sizes.Select((size, unit) => SeededFill
            .Input($"feat.{stage}.{unit}", json.GetProperty("seed").GetUInt64(), batch, channels, (long)size[0], (long)size[1])
            .to(ScalarType.Float64).requires_grad_()).ToArray())];
    }

    private static PoseTargets MakeTargets(GoldenCase golden, JsonElement config)
    {
        var map = GoldenMspn.Size(config, "out_shape");
        var crop = new ImageSize(map.Height * Stride, map.Width * Stride);
        int[] kernels = [.. config.Numbers("kernels").Select(k => (int)k)];
        var target = new CoarseToFineHeatmapTarget(kernels) { Convention = HeatmapConvention.Mmpose };
        var (batch, keypoints) = (config.Int("batch"), config.Int("out_channels"));
        var (positions, visible) = (golden.Tensors.Doubles("keypoints"), golden.Tensors.Doubles("visible"));
        var one = kernels.Length * keypoints * map.Height * map.Width;
        var values = new float[batch * one];
        var weights = new float[batch * keypoints];
        for (var i = 0; i < batch; i++)
        {
            Keypoint[] person = [.. Enumerable.Range(i * keypoints, keypoints)
                .Select(k => new Keypoint(positions[2 * k], positions[2 * k + 1], (float)visible[k]))];
            target.Encode(person, crop, map, values.AsSpan(i * one, one));
            for (var k = 0; k < keypoints; k++)
            {
                var drawn = values.AsSpan(i * one + k * map.Height * map.Width, map.Height * map.Width).ContainsAnyExcept(0f);
                weights[i * keypoints + k] = drawn ? person[k].Visibility : 0;
            }
        }
        return new PoseTargets(
            tensor(values, [batch, kernels.Length, keypoints, map.Height, map.Width]).to(ScalarType.Float64),
            tensor(weights, [batch, keypoints]).to(ScalarType.Float64));
    }
}
