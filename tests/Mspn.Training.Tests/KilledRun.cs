using System.Globalization;
using Mspn.Losses;
using TorchSharp;

namespace Mspn.Training.Tests;

/// <summary>A small run that writes a checkpoint after every step, resumed if there is one. Also the test assembly's entry point, so that it can be killed.</summary>
internal static class KilledRun
{
    public static int Main(string[] arguments)
    {
        torch.set_num_threads(1);
        Train(arguments[0], int.Parse(arguments[1], CultureInfo.InvariantCulture), new Reports(p => Console.WriteLine(p.Step)));
        return 0;
    }

    public static void Train(string folder, int steps, IProgress<TrainingProgress>? progress = null)
    {
        using var network = TinyNetworks.Mspn();
        var options = SmallRun.Options(folder, steps) with { CheckpointInterval = TimeSpan.Zero };
        Trainer? trainer = null;
        trainer = new Trainer(network, new MultiStageLoss(), SmallRun.Loader(), options)
        {
            Logs = [new CsvTrainingLog(Curve(folder))],
            EpochEnded = at => trainer!.LogScores(at, new Dictionary<string, double> { ["smoothed, loss"] = at.SmoothedLoss }),
        };
        trainer.Run(resume: true, progress);
    }

    public static string Curve(string folder) => Path.Combine(folder, "curve.csv");
}
