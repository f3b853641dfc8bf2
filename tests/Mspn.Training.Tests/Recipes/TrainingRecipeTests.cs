using Mspn.Core;
using Mspn.Data;
using Mspn.Losses;

namespace Mspn.Training.Tests;

public sealed class TrainingRecipeTests : IDisposable
{
    private static readonly SyntheticPeopleDataset People = new(
        KeypointSchemas.Mpii16, new SyntheticPeopleOptions { Count = 12, ImageSize = new ImageSize(80, 64) });

    private static readonly TrainingRecipe Small = TrainingRecipes.MmposeCoco with
    {
        Name = "small",
        Network = TinyNetworks.Options with { InputSize = new ImageSize(32, 32), Stages = 1 },
        Keypoints = KeypointSchemas.Mpii16,
        Augmentation = CropAugmentation.Simple,
        Schedule = new LearningRateSchedule { BaseRate = 1e-3, WarmupSteps = 1, Decay = new CosineDecay() },
        Epochs = null,
        Steps = 3,
        BatchSize = 4,
        Accumulation = 2,
        GradientClip = 1,
        AverageDecay = 0.9,
        BFloat16 = true,
        Recompute = true,
        Layers = [LayerRule.Frozen("stem.*")],
        Seed = 5,
    };

    private readonly TemporaryFolder _folder = new();
    private readonly OneThread _thread = new();

    public static IEnumerable<object[]> Recipes => TrainingRecipes.All.Values.Append(Small).Select(r => new object[] { r.Name });

    public void Dispose()
    {
        _thread.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Recipes_come_back_from_their_files(string name)
    {
        var recipe = TrainingRecipes.All.GetValueOrDefault(name, Small);
        recipe.Save(_folder.File("recipe.json"));
        var loaded = TrainingRecipe.Load(_folder.File("recipe.json"));
        loaded.ToJson().Should().Be(recipe.ToJson());
        loaded.DifferencesFrom(recipe).Should().BeEmpty();
        loaded.Network.Should().BeOfType(recipe.Network.GetType());
        loaded.Augmentation.Should().Be(recipe.Augmentation);
        loaded.Schedule.Should().Be(recipe.Schedule);
        loaded.Layers.Should().Equal(recipe.Layers);
    }

    [Theory]
    [InlineData("official-coco", 1, 4.015e-4)] // the official scheduler's, with 8 GPUs
    [InlineData("official-coco", 2400, 4e-3)]
    [InlineData("official-coco", 48_000, 2.0512820512820513e-3)]
    [InlineData("official-mpii", 28_800, 0)]
    [InlineData("official-mpii", 15_600, 2e-3)]
    public void Published_recipes_have_their_rates(string name, int step, double expected) => TrainingRecipes.All[name].Schedule
        .RateAt(step, TrainingBudget.OfSteps(TrainingRecipes.All[name].Steps!.Value)).Should().BeApproximately(expected, 1e-12);

    [Fact]
    public void The_recipe_beside_the_checkpoints_repeats_the_run_bit_for_bit()
    {
        var (first, second) = (_folder.File("first"), _folder.File("second"));
        Run(Small, first);
        Run(TrainingRecipe.Load(Path.Combine(first, "recipe.json")), second, workers: 1);
        TensorBytes.ShouldBeSame(SmallRun.Tensors(SmallRun.Checkpoint(second)), SmallRun.Tensors(SmallRun.Checkpoint(first)));
        File.ReadAllText(Path.Combine(second, "recipe.json")).Should().Be(File.ReadAllText(Path.Combine(first, "recipe.json")));
    }

    [Fact]
    public void A_run_goes_on_with_its_own_recipe_alone_but_may_be_made_longer()
    {
        var folder = _folder.File("run");
        Run(Small, folder);
        var written = File.ReadAllText(Path.Combine(folder, "recipe.json"));

        var other = Small with { Schedule = Small.Schedule with { BaseRate = 0.002, Decay = new StepDecay { Milestones = [1] } }, GradientClip = null };
        var resume = () => Run(other, folder, resume: true);
        resume.Should().Throw<PoseDataException>().WithMessage(
            $"{folder}*another recipe*schedule.baseRate: 0.002, not 0.001;*schedule.decay.kind: \"steps\", not \"cosine\"*gradientClip: nothing, not 1*");
        File.ReadAllText(Path.Combine(folder, "recipe.json")).Should().Be(written);

        Run(Small with { Steps = 4 }, folder, resume: true).Step.Should().Be(4);
        TrainingRecipe.Load(Path.Combine(folder, "recipe.json")).Steps.Should().Be(4);
        Run(other, folder).Step.Should().Be(3, "a run that starts anew may do as it likes");
    }

    [Fact]
    public void Checkpoints_keep_their_recipe_until_a_run_that_starts_anew_has_its_own()
    {
        var folder = _folder.File("run");
        Run(Small, folder);
        var written = File.ReadAllText(Path.Combine(folder, "recipe.json"));
        var other = Small with { GradientClip = null };

        var cancelled = () => Run(other, folder, cancellation: new CancellationToken(true));
        cancelled.Should().Throw<OperationCanceledException>();

        File.ReadAllText(Path.Combine(folder, "recipe.json")).Should().Be(written);
        var resume = () => Run(other, folder, resume: true);
        resume.Should().Throw<PoseDataException>().WithMessage("*another recipe*");
        Run(other, folder);
        TrainingRecipe.Load(Path.Combine(folder, "recipe.json")).GradientClip.Should().BeNull();
    }

    [Fact]
    public void Files_that_are_no_recipes_are_refused_with_the_reason()
    {
        var file = _folder.File("recipe.json");
        foreach (var (text, reason) in new[]
        {
            ("{", "recipe"),
            ("{}", "required"),
            (Small.ToJson().Replace("\"accumulation\"", "\"acumulation\""), "acumulation"),
            (Small.ToJson().Replace("\"cosine\"", "\"sine\""), "sine"),
        })
        {
            File.WriteAllText(file, text);
            var load = () => TrainingRecipe.Load(file);
            load.Should().Throw<PoseDataException>().WithMessage($"{file}*{reason}*");
        }
        var missing = () => TrainingRecipe.Load(_folder.File("nowhere.json"));
        missing.Should().Throw<PoseDataException>().WithMessage("*nowhere.json*");
    }

    [Fact]
    public void What_a_file_leaves_out_has_its_default()
    {
        var node = System.Text.Json.Nodes.JsonNode.Parse(Small.ToJson())!.AsObject();
        foreach (var name in new[] { "accumulation", "layers", "averageDecay", "bFloat16", "recompute", "seed" })
        {
            node.Remove(name).Should().BeTrue();
        }
        File.WriteAllText(_folder.File("recipe.json"), node.ToJsonString());
        var recipe = TrainingRecipe.Load(_folder.File("recipe.json"));
        (recipe.Accumulation, recipe.Layers.Count, recipe.AverageDecay, recipe.BFloat16, recipe.Recompute, recipe.Seed).Should().Be((1, 0, null, false, false, 0L));
    }

    [Fact]
    public void Recipes_that_cannot_be_followed_are_refused()
    {
        foreach (var (recipe, reason) in new[]
        {
            (Small with { Epochs = 1 }, "exactly one of Epochs, Steps and Minutes"),
            (Small with { Steps = null }, "exactly one of"),
            (Small with { Accumulation = 0 }, "Accumulation"),
            (Small with { AverageDecay = 2 }, "AverageDecay"),
            (Small with { Keypoints = KeypointSchemas.Coco17 }, "*the recipe*coco17*"),
            (Small with { Target = new CoarseToFineTargetRecipe { Kernels = [4] } }, "4"),
        })
        {
            recipe.Invoking(r => r.Build(People, _folder.Path)).Should().Throw<ArgumentException>().WithMessage($"*{reason}*");
        }
    }

    [Theory]
    [InlineData(1, null, null, 2)]
    [InlineData(3, null, null, 6)]
    [InlineData(null, 5, null, 5)]
    [InlineData(null, null, 0.5, null)]
    public void Epochs_become_steps(int? epochs, int? steps, double? minutes, int? expected)
    {
        using var run = (Small with { Epochs = epochs, Steps = steps, Minutes = minutes }).Build(People, _folder.Path);
        run.Options.Budget.Steps.Should().Be(expected);
        run.Options.Budget.Time.Should().Be(minutes is { } m ? TimeSpan.FromMinutes(m) : null);
    }

    [Fact]
    public void Targets_and_losses_are_those_that_are_named()
    {
        var input = new PoseInput { HeatmapPeak = 7, OffsetRadius = 3 };
        var coarse = (CoarseToFineHeatmapTarget)new CoarseToFineTargetRecipe { Kernels = [7, 5], Convention = HeatmapConvention.Mmpose }.Create(input);
        (coarse.Peak, coarse.Convention, coarse.Kernels.Count).Should().Be((7, HeatmapConvention.Mmpose, 2));
        var gaussian = (GaussianHeatmapTarget)new GaussianTargetRecipe { Sigma = 3, Unbiased = true }.Create(input);
        (gaussian.Peak, gaussian.Sigma, gaussian.Unbiased).Should().Be((7, 3, true));
        ((DiskOffsetTarget)new DiskOffsetTargetRecipe().Create(input)).Radius.Should().Be(3);

        foreach (var kind in Enum.GetValues<LossKind>())
        {
            var loss = new LossRecipe(kind, TopK: 3).Create();
            if (kind == LossKind.HeatmapOffset)
            {
                loss.Should().BeOfType<HeatmapOffsetLoss>();
            }
            else
            {
                var mines = ((MultiStageLoss)loss).Finest is OhkmLoss { TopK: 3 };
                mines.Should().Be(kind is LossKind.Mspn or LossKind.Mmpose or LossKind.CascadedPyramid);
            }
        }
    }

    private static TrainingProgress Run(TrainingRecipe recipe, string folder, bool resume = false, int workers = 2, CancellationToken cancellation = default)
    {
        using var run = recipe.Build(People, folder, workers);
        return run.CreateTrainer().Run(resume, cancellation: cancellation);
    }
}
