namespace Mspn.Training.Tests;

public class LearningRateDecayTests
{
    [Fact]
    public void Mmposes_schedule_is_that_of_its_schedulers()
    {
        // mmengine, a step counted from 0: LinearLR from 0 to 500 reaches 1 at 499, MultiStepLR multiplies from the first step of an epoch on.
        const int perEpoch = 586;
        var budget = TrainingBudget.OfSteps(210 * perEpoch);
        var schedule = LearningRateSchedule.Mmpose;
        double Expected(int done) => 5e-3 * (0.001 + (1 - 0.001) * Math.Min(1, done / 499.0))
            * (done < 170 * perEpoch ? 1 : done < 200 * perEpoch ? 0.1 : 0.01);
        foreach (var done in new[] { 0, 1, 250, 498, 499, 500, 170 * perEpoch - 1, 170 * perEpoch, 200 * perEpoch - 1, 200 * perEpoch, 210 * perEpoch - 1 })
        {
            schedule.RateAt(done + 1, budget).Should().BeApproximately(Expected(done), 1e-15, $"{done} steps are done");
        }
    }

    [Theory]
    [InlineData(10, 1)]
    [InlineData(60, 0.55)]
    [InlineData(110, 0.1)]
    [InlineData(200, 0.1)]
    public void A_cosine_falls_to_its_end_after_the_warm_up(int step, double expected) =>
        Schedule(new CosineDecay { FinalFactor = 0.1 }).RateAt(step, TrainingBudget.OfSteps(110)).Should().BeApproximately(expected, 1e-12);

    [Theory]
    [InlineData(5, 0.55)]
    [InlineData(10, 1)]
    [InlineData(110, 1)]
    public void Without_decay_the_rate_stays(int step, double expected) =>
        Schedule(new NoDecay()).RateAt(step, TrainingBudget.OfSteps(110)).Should().BeApproximately(expected, 1e-12);

    [Theory]
    [InlineData(29, 1)]
    [InlineData(30, 0.5)]
    [InlineData(50, 0.25)]
    public void Steps_follow_the_clock_of_a_budget_of_time(double minutes, double expected) =>
        Schedule(new StepDecay { Milestones = [1, 1.5], Length = 2, Factor = 0.5 })
            .RateAt(50, TrainingBudget.OfTime(TimeSpan.FromHours(1)), TimeSpan.FromMinutes(minutes)).Should().Be(expected);

    [Fact]
    public void Schedules_are_compared_by_what_they_say()
    {
        Schedule(new StepDecay { Milestones = [1, 2] }).Should().Be(Schedule(new StepDecay { Milestones = [1, 2] }));
        Schedule(new StepDecay { Milestones = [1, 2] }).Should().NotBe(Schedule(new StepDecay { Milestones = [1, 3] }));
    }

    [Fact]
    public void Values_out_of_range_are_refused_by_name()
    {
        foreach (var (schedule, name) in new[]
        {
            (Schedule(new NoDecay()) with { BaseRate = 0 }, "BaseRate"),
            (Schedule(new NoDecay()) with { WarmupSteps = -1 }, "WarmupSteps"),
            (Schedule(new NoDecay()) with { WarmupFactor = 2 }, "WarmupFactor"),
            (Schedule(new StepDecay { Milestones = [3], Length = 2 }), "Milestones"),
            (Schedule(new StepDecay { Factor = 0 }), "Factor"),
            (Schedule(new CosineDecay { FinalFactor = -1 }), "FinalFactor"),
        })
        {
            schedule.Invoking(s => s.Validated()).Should().Throw<ArgumentException>().WithMessage($"*{name}*");
        }
    }

    private static LearningRateSchedule Schedule(LearningRateDecay decay) => new() { BaseRate = 1, WarmupSteps = 10, WarmupFactor = 0.1, Decay = decay };
}
