using Mspn.Core;

namespace Mspn.Training;

/// <summary>The recipe beside a run's checkpoints.</summary>
internal static class RecipeFile
{
    private const string Name = "recipe.json";

    // A run may be made longer; everything else would make it another one.
    private static readonly string[] Length = ["epochs: ", "steps: ", "minutes: "];

    /// <summary>Writes the recipe of a run that starts, and compares it first with the one that is there if the run goes on.</summary>
    /// <exception cref="PoseDataException">The run goes on and was started with another recipe; the message says what differs.</exception>
    public static void Enter(string folder, TrainingRecipe recipe, bool resumed)
    {
        var path = Path.Combine(folder, Name);
        if (resumed && File.Exists(path))
        {
            string[] differences =
            [
                .. recipe.DifferencesFrom(TrainingRecipe.Load(path)).Where(d => !Array.Exists(Length, name => d.StartsWith(name, StringComparison.Ordinal))),
            ];
            if (differences.Length > 0)
            {
                throw new PoseDataException(path, $"the run cannot go on with another recipe than it was started with: {string.Join("; ", differences)}.");
            }
        }
        recipe.Save(path);
    }
}
