namespace Mspn.Training.Tests;

public class LearningRateScheduleTests
{
    private static readonly LearningRateSchedule Schedule = new() { BaseRate = 1, WarmupSteps = 10, WarmupFactor = 0.1 };

    [Theory]
    [InlineData(0, 0.1)]
    [InlineData(5, 0.55)]
    [InlineData(10, 1)]
    [InlineData(60, 0.5)]
    [InlineData(110, 0)]
    [InlineData(200, 0)]
    public void The_rate_warms_up_and_decays_to_zero(int step, double expected) =>
        Schedule.RateAt(step, TrainingBudget.OfSteps(110)).Should().BeApproximately(expected, 1e-12);

    [Fact]
    public void A_run_no_longer_than_its_warm_up_ends_at_the_full_rate() =>
        Schedule.RateAt(10, TrainingBudget.OfSteps(10)).Should().Be(1);

    [Fact]
    public void Without_warm_up_the_rate_decays_from_the_start() =>
        (Schedule with { WarmupSteps = 0 }).RateAt(1, TrainingBudget.OfSteps(4)).Should().Be(0.75);

    [Theory]
    [InlineData(5, 30, 0.55)]
    [InlineData(50, 0, 1)]
    [InlineData(50, 30, 0.5)]
    [InlineData(50, 60, 0)]
    public void With_a_budget_of_time_the_decay_follows_the_clock(int step, double minutes, double expected) =>
        Schedule.RateAt(step, TrainingBudget.OfTime(TimeSpan.FromHours(1)), TimeSpan.FromMinutes(minutes)).Should().BeApproximately(expected, 1e-12);
}
