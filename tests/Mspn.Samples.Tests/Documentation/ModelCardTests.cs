using System.Globalization;
using Mspn.Core;
using Mspn.Data;
using Mspn.Inference;
using Mspn.Testing;
using Mspn.Training;

namespace Mspn.Samples.Tests.Documentation;

/// <summary>The trained models of the repository are what their cards say.</summary>
public class ModelCardTests
{
    private const int Megabyte = 1_000_000;

    // Rounding of the card's three digits, and a keypoint or two of some 5,400 that another processor's arithmetic moves over the threshold.
    private const double CardPrecision = 0.001;

    public static TheoryData<string> Models =>
        [.. Directory.GetFiles(Repository.File("models"), "*.safetensors").Select(p => Path.GetFileNameWithoutExtension(p)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Models))]
    public void Models_are_small_and_have_a_card_and_the_recipe_they_were_trained_by(string name)
    {
        var file = Repository.File("models", $"{name}.safetensors");
        new FileInfo(file).Length.Should().BeLessThan(12 * Megabyte);
        File.Exists(Repository.File("models", $"{name}.md")).Should().BeTrue();
        using var model = PoseModelFile.Load(file);
        var recipe = TrainingRecipe.Load(Repository.File("models", $"{name}.json"));
        model.Network.Options.Should().BeEquivalentTo(recipe.Network, options => options.RespectingRuntimeTypes().Excluding(o => o.Keypoints));
        model.Network.Keypoints.Keypoints.Should().Equal(recipe.Keypoints.Keypoints);
        model.Input.Should().BeEquivalentTo(recipe.Input);
    }

    [SkippableFact]
    public void The_small_model_finds_as_much_of_sports_people_as_its_card_says()
    {
        var people = CocoKeypointDataset.Load(RealData.Path("lspet", "annotations", "lspet_val.json"), RealData.Path("lspet", "images"));
        using var estimator = PoseEstimator.Load(Repository.File("models", "mspn-small-lsp14.safetensors"), new PoseEstimatorOptions { FlipTest = true });
        var (_, pck) = Validation.Run(estimator, people);
        foreach (var threshold in new[] { 0.1, 0.2, 0.5 })
        {
            pck.Result(threshold).Value.Should().BeApproximately(OnCard(threshold), CardPrecision);
        }
    }

    // The second column of the row of that threshold.
    private static double OnCard(double threshold)
    {
        var label = string.Create(CultureInfo.InvariantCulture, $"torso PCK@{threshold}");
        var row = new MarkdownPage("models/mspn-small-lsp14.md").Tables.SelectMany(table => table).Single(r => r.StartsWith($"| {label} |", StringComparison.Ordinal));
        return double.Parse(row.Split('|')[2].Trim(' ', '*'), CultureInfo.InvariantCulture);
    }
}
