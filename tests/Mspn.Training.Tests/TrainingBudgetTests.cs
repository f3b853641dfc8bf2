namespace Mspn.Training.Tests;

public class TrainingBudgetTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(5, 0.25)]
    [InlineData(20, 1)]
    [InlineData(30, 1)]
    public void Steps_are_used_up_whatever_the_time(int step, double used) =>
        TrainingBudget.OfSteps(20).Used(step, TimeSpan.FromHours(9)).Should().Be(used);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(15, 0.25)]
    [InlineData(60, 1)]
    [InlineData(90, 1)]
    public void Time_is_used_up_whatever_the_steps(double minutes, double used) =>
        TrainingBudget.OfTime(TimeSpan.FromHours(1)).Used(1_000_000, TimeSpan.FromMinutes(minutes)).Should().Be(used);

    [Fact]
    public void A_budget_is_positive()
    {
        var steps = () => TrainingBudget.OfSteps(0);
        var time = () => TrainingBudget.OfTime(TimeSpan.Zero);
        steps.Should().Throw<ArgumentOutOfRangeException>();
        time.Should().Throw<ArgumentOutOfRangeException>();
    }
}
