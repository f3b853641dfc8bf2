using System.Globalization;
using Mspn.Core;
using static Mspn.Training.Tests.TrainingLogsTests;

namespace Mspn.Training.Tests;

public sealed class CsvTrainingLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Curve => _folder.File("deep", "curve.csv");

    private string Scores => _folder.File("deep", "curve.validation.csv");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read()
    {
        Log(null, 1, 3, score: "torso PCK@0.2, \"flipped\"");
        File.ReadAllLines(Curve).Should().HaveCount(4).And.StartWith(
            ["step,epoch,loss,smoothed_loss,learning_rate,people_per_second,waiting_share,elapsed_seconds", "1,0,1,1,0.001,40.0,0.2500,1.000"]);
        var curve = TrainingCurve.Read(Curve);
        curve.Steps.Should().Equal(
            new TrainingCurveStep(1, 1, 1, 1e-3), new TrainingCurveStep(2, 0.5, 0.5, 1e-3), new TrainingCurveStep(3, 1.0 / 3, 1.0 / 3, 1e-3));
        curve.Scores.Should().Equal(new TrainingCurveScore(3, "torso PCK@0.2, \"flipped\"", 1.0 / 3));
    }

    [Fact]
    public void Numbers_have_a_decimal_point_in_every_culture()
    {
        var before = CultureInfo.CurrentCulture;
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        try
        {
            CultureInfo.CurrentCulture = comma;
            Log(null, 1, 3);
            TrainingCurve.Read(Curve).Steps[1].Loss.Should().Be(0.5);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
        File.ReadAllText(Curve).Should().Contain("\n2,0,0.5,0.5,0.001,40.0,0.2500,1.000\n");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(7)]
    public void A_resumed_run_takes_back_the_steps_that_it_repeats(int checkpoint)
    {
        Log(null, 1, 9);
        var (curve, scores) = (File.ReadAllText(Curve), File.ReadAllText(Scores));
        File.Delete(Curve);
        File.Delete(Scores);

        Log(null, 1, 7, end: false);
        File.AppendAllText(Curve, "8,1,0.12"); // torn, as after a power failure
        Log(checkpoint, checkpoint + 1, 9);
        File.ReadAllText(Curve).Should().Be(curve);
        File.ReadAllText(Scores).Should().Be(scores);
    }

    [Fact]
    public void A_validation_that_is_repeated_counts_once()
    {
        Log(null, 1, 4);
        var scores = File.ReadAllText(Scores);
        var log = new CsvTrainingLog(Curve);
        log.Begin(4, resumed: true);
        log.Validated(At(4), Score(4, "pck"));
        log.Validated(At(4), Score(4, "oks"));
        log.End();
        File.ReadAllText(Scores).Should().Be(scores + "4,0,1.000,oks,0.25\n");
    }

    [Fact]
    public void A_run_that_starts_anew_starts_the_file_anew()
    {
        Log(null, 1, 9);
        Log(null, 1, 2);
        TrainingCurve.Read(Curve).Steps.Should().HaveCount(2);
        TrainingCurve.Read(Curve).Scores.Should().BeEmpty();
    }

    [Fact]
    public void Rows_can_be_thinned_out()
    {
        var log = new CsvTrainingLog(Curve) { Every = 3 };
        log.Begin(0, resumed: false);
        for (var step = 1; step < 8; step++)
        {
            log.Step(At(step));
        }
        TrainingCurve.Read(Curve).Steps.Select(s => s.Step).Should().Equal([3, 6], "a curve can be read while it is written");
        log.End();
    }

    [Fact]
    public void Another_table_is_not_touched()
    {
        Directory.CreateDirectory(_folder.File("deep"));
        File.WriteAllText(Curve, "epoch,step\n1,2\n");
        var log = new CsvTrainingLog(Curve);
        log.Invoking(l => l.Begin(3, resumed: true)).Should().Throw<PoseDataException>().WithMessage($"{Curve}*columns*");
        log.End();
        File.ReadAllText(Curve).Should().Be("epoch,step\n1,2\n");
        FluentActions.Invoking(() => TrainingCurve.Read(Curve)).Should().Throw<PoseDataException>().WithMessage($"{Curve}*columns*");
    }

    [Theory]
    [InlineData("1,0,x,1,1,1,1,1", "row 2*")]
    [InlineData("1,0", "row 2*")]
    public void A_row_that_cannot_be_read_is_an_error(string row, string problem)
    {
        Log(null, 1, 0);
        File.AppendAllText(Curve, row + "\n");
        FluentActions.Invoking(() => TrainingCurve.Read(Curve)).Should().Throw<PoseDataException>().WithMessage($"{Curve}*{problem}");
    }

    [Theory]
    [InlineData("1,0")]
    [InlineData("1,0,1,\",1")]
    public void A_score_that_cannot_be_read_is_an_error(string row)
    {
        Log(null, 1, 0);
        File.AppendAllText(Scores, row + "\n");
        FluentActions.Invoking(() => TrainingCurve.Read(Curve)).Should().Throw<PoseDataException>().WithMessage($"{Scores}*row 2*");
    }

    [Fact]
    public void Steps_between_two_rows_are_at_least_one() =>
        FluentActions.Invoking(() => new CsvTrainingLog(Curve) { Every = 0 }).Should().Throw<ArgumentOutOfRangeException>();

    private static Dictionary<string, double> Score(int step, string name) => new() { [name] = 1.0 / step };

    private void Log(int? resumedAt, int first, int last, bool end = true, string score = "pck")
    {
        var log = new CsvTrainingLog(Curve);
        log.Begin(resumedAt ?? 0, resumedAt is not null);
        for (var step = first; step <= last; step++)
        {
            log.Step(At(step));
            if (step % 4 == 0 || step == 3 && score != "pck")
            {
                log.Validated(At(step), Score(step, score));
            }
        }
        if (end)
        {
            log.End();
        }
    }
}
