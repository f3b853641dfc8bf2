using Microsoft.Extensions.Logging;
using static Mspn.Training.Tests.SmallRun;

namespace Mspn.Training.Tests;

public sealed class TrainingLogsTests : IDisposable
{
    private readonly TemporaryFolder _whole = new();
    private readonly TemporaryFolder _parts = new();
    private readonly OneThread _thread = new();

    public void Dispose()
    {
        _thread.Dispose();
        _whole.Dispose();
        _parts.Dispose();
    }

    [Fact]
    public void Logs_are_told_everything_from_beginning_to_end()
    {
        var log = new ListLog();
        var cancelled = () => Train(_parts, cancelAt: 2, logs: log);
        cancelled.Should().Throw<OperationCanceledException>();
        var failed = () => Train(_parts, resume: true, loss: new NanLoss(2), logs: log);
        failed.Should().Throw<NonFiniteLossException>();
        log.Told.Should().Equal("begin 0", "step 1", "step 2", "end", "begin 2, resumed", "step 3", "end");
    }

    [Fact]
    public void Validations_are_told_while_a_run_lasts_and_not_after()
    {
        var log = new ListLog();
        using var network = TinyNetworks.Mspn();
        Trainer? trainer = null;
        void Validate(TrainingProgress at) => trainer!.LogScores(at, new Dictionary<string, double> { ["pck"] = at.Fraction });
        trainer = new Trainer(network, new Losses.MultiStageLoss(), Loader(), Options(_whole.Path, 5)) { Logs = [log], EpochEnded = Validate };
        var end = trainer.Run();
        Validate(end);
        log.Told.Where(t => !t.StartsWith("step", StringComparison.Ordinal))
            .Should().Equal("begin 0", "validated 4: pck 0.8", "validated 5: pck 1", "end");
    }

    [Theory]
    [InlineData("begin")]
    [InlineData("step 3")]
    [InlineData("end")]
    public void A_log_that_fails_is_left_out_and_changes_nothing(string when)
    {
        Train(_whole);
        var (broken, sound, logger) = (new ListLog(when), new ListLog(), new CapturingLogger());
        var cancelled = () => Train(_parts, cancelAt: 6, everyStep: true, logger: logger, logs: [sound, broken]);
        cancelled.Should().Throw<OperationCanceledException>();
        Train(_parts, resume: true, networkSeed: 99, logs: sound);

        TensorBytes.ShouldBeSame(Tensors(Checkpoint(_parts.Path)), Tensors(Checkpoint(_whole.Path)));
        sound.Told.Should().HaveCount(Steps + 4);
        broken.Told.SkipWhile(t => !t.StartsWith(when, StringComparison.Ordinal)).Skip(1).Should().OnlyContain(t => t == "end");
        logger.At(LogLevel.Warning).Should().ContainSingle().Which.Should().Contain(nameof(ListLog)).And.Contain("the disk is full");
    }

    [Theory]
    [InlineData(4, null, 1, new[] { 4, 8 })]
    [InlineData(null, 7.5, 2, new[] { 5, 9 })]
    [InlineData(4, 5.0, 2, new[] { 4, 7, 8 })]
    [InlineData(null, null, 100, new int[0])]
    public void Lines_are_logged_every_so_many_steps_or_seconds(int? steps, double? interval, double secondsOfAStep, int[] expected)
    {
        var logger = new CapturingLogger();
        var log = new LoggerTrainingLog(logger) { Steps = steps, Interval = interval is { } seconds ? TimeSpan.FromSeconds(seconds) : null };
        log.Begin(0, resumed: false);
        for (var step = 1; step < 10; step++)
        {
            log.Step(At(step, step * secondsOfAStep));
        }
        logger.At(LogLevel.Information).Select(m => int.Parse(m.Split(' ', ',')[1])).Should().Equal(expected);
    }

    [Fact]
    public void A_line_tells_pace_and_time_left_and_validations_their_scores()
    {
        var logger = new CapturingLogger();
        var log = new LoggerTrainingLog(logger) { Steps = 1 };
        log.Begin(0, resumed: false);
        log.Step(At(2, 3600));
        log.Validated(At(2, 3600), new Dictionary<string, double> { ["pck@0.2"] = 0.51239 });
        log.End();
        logger.At(LogLevel.Information).Should().Equal(
            "Step 2, epoch 0: loss 0.5, learning rate 0.001, 40 people/s, waiting 25 %, 01:00:00 done, 04:00:00 left.",
            "Step 2, epoch 0: pck@0.2 0.5124.");
    }

    internal static TrainingProgress At(int step, double seconds = 1) => new()
    {
        Step = step,
        Epoch = (step - 1) / 4,
        Batch = (step - 1) % 4 + 1,
        Loss = 1.0 / step,
        SmoothedLoss = 1.0 / step,
        LearningRate = 1e-3,
        Elapsed = TimeSpan.FromSeconds(seconds),
        Fraction = step / 10.0,
        PeoplePerSecond = 40,
        WaitingShare = 0.25,
    };

    /// <summary>Notes what it is told, and fails if it is told to.</summary>
    private sealed class ListLog(string? failing = null) : ITrainingLog
    {
        public List<string> Told { get; } = [];

        public void Begin(int step, bool resumed) => Tell($"begin {step}{(resumed ? ", resumed" : "")}");

        public void Step(TrainingProgress progress) => Tell($"step {progress.Step}");

        public void Validated(TrainingProgress progress, IReadOnlyDictionary<string, double> scores) =>
            Tell(FormattableString.Invariant($"validated {progress.Step}: {string.Join(", ", scores.Select(s => FormattableString.Invariant($"{s.Key} {s.Value}")))}"));

        public void End() => Tell("end");

        private void Tell(string what)
        {
            Told.Add(what);
            if (failing is not null && what.StartsWith(failing, StringComparison.Ordinal))
            {
                throw new IOException("the disk is full");
            }
        }
    }
}
