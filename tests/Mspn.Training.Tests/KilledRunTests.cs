using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace Mspn.Training.Tests;

/// <summary>Kills a training program at random moments and resumes it. MSPN_KILLS kills more often than the suite has time for.</summary>
public sealed class KilledRunTests(ITestOutputHelper output) : IDisposable
{
    private const int DefaultKills = 2;
    private const int MostStepsOfALife = 4;

    private readonly TemporaryFolder _whole = new();
    private readonly TemporaryFolder _killed = new();
    private readonly OneThread _thread = new();
    private readonly Random _random = new(5);

    public void Dispose()
    {
        _thread.Dispose();
        _whole.Dispose();
        _killed.Dispose();
    }

    [Fact]
    public void A_killed_and_resumed_run_is_the_uninterrupted_one_bit_for_bit()
    {
        var kills = int.TryParse(Environment.GetEnvironmentVariable("MSPN_KILLS"), CultureInfo.InvariantCulture, out var given) ? given : DefaultKills;
        var steps = 2 * MostStepsOfALife * (kills + 1);
        KilledRun.Train(_whole.Path, steps);

        for (var kill = 0; kill < kills; kill++)
        {
            Kill(kill, steps);
        }
        using (var last = Start(steps))
        {
            last.StandardOutput.ReadToEnd().Should().NotBeEmpty("there must be steps left after the last kill");
            last.WaitForExit();
            last.ExitCode.Should().Be(0);
        }

        State(_killed).Should().Be(State(_whole));
        TensorBytes.ShouldBeSame(SmallRun.Tensors(SmallRun.Checkpoint(_killed.Path)), SmallRun.Tensors(SmallRun.Checkpoint(_whole.Path)));
        var (curve, expected) = (TrainingCurve.Read(KilledRun.Curve(_killed.Path)), TrainingCurve.Read(KilledRun.Curve(_whole.Path)));
        expected.Steps.Select(s => s.Step).Should().Equal(Enumerable.Range(1, steps));
        curve.Steps.Should().Equal(expected.Steps);
        curve.Scores.Should().Equal(expected.Scores).And.HaveCount(steps / 4, "an epoch has four");
        Directory.GetFiles(_killed.Path).Select(Path.GetFileName).Should().BeEquivalentTo(Directory.GetFiles(_whole.Path).Select(Path.GetFileName));
    }

    // A third while a checkpoint is written, a third when it is complete but perhaps not in its place, a third at any time.
    private void Kill(int number, int steps)
    {
        using var child = Start(steps);
        var last = "0";
        for (var lines = _random.Next(1, MostStepsOfALife); lines > 0; lines--)
        {
            last = child.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The program has ended by itself.");
        }
        var clock = Stopwatch.StartNew();
        var fresh = SmallRun.Checkpoint(_killed.Path) + ".new";
        switch (number % 3)
        {
            case 0:
                SpinWait.SpinUntil(() => File.Exists(fresh + ".partial"), TimeSpan.FromSeconds(1));
                Thread.Sleep(_random.Next(5));
                break;
            case 1:
                Thread.Sleep(_random.Next(50));
                break;
            default:
                SpinWait.SpinUntil(() => File.Exists(fresh), TimeSpan.FromSeconds(1));
                break;
        }
        var waited = clock.Elapsed;
        child.Kill();
        child.WaitForExit();
        child.ExitCode.Should().NotBe(0, "it must not have finished");
        var left = Directory.GetFiles(_killed.Path).Select(f => $"{Path.GetFileName(f)} {new FileInfo(f).Length}");
        output.WriteLine($"kill {number + 1}: {waited.TotalMilliseconds:0} ms after step {last} left {string.Join(", ", left.Order())}");
    }

    private Process Start(int steps)
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";
        return Process.Start(new ProcessStartInfo(
            dotnet, ["exec", typeof(KilledRun).Assembly.Location, _killed.Path, steps.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
        })!;
    }

    private static TrainingState State(TemporaryFolder folder) => SmallRun.PlaceOf(SmallRun.Checkpoint(folder.Path)) with { ElapsedSeconds = 0 };
}
