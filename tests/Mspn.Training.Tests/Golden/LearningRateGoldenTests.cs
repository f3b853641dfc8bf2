using System.Globalization;

namespace Mspn.Training.Tests.Golden;

[Trait("Category", "Golden")]
[Trait("Area", "mspn_train")]
public class LearningRateGoldenTests
{
    public static IEnumerable<object?[]> Files => Goldens.Rows("mspn_train", "lr_schedule", ".json");

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Rates_are_those_of_the_official_scheduler(string? file)
    {
        var golden = Goldens.Case(file);
        var tolerance = golden.Entry.Number("tolerance");
        foreach (var preset in golden.Json.EnumerateObject())
        {
            var schedule = new LearningRateSchedule
            {
                BaseRate = preset.Value.Number("BASE_LR") * preset.Value.Number("num_gpu"),
                WarmupSteps = preset.Value.Int("WARMUP_ITERS"),
                WarmupFactor = preset.Value.Number("WARMUP_FACTOR"),
            };
            var budget = TrainingBudget.OfSteps(preset.Value.Int("MAX_ITER"));
            foreach (var point in preset.Value.GetProperty("points").EnumerateObject())
            {
                var step = int.Parse(point.Name, CultureInfo.InvariantCulture);
                schedule.RateAt(step, budget).Should().BeApproximately(point.Value.Number(), tolerance, $"{preset.Name}, step {step}");
            }
        }
    }
}
