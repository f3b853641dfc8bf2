#!/usr/bin/env dotnet
#:project Shared/Mspn.Samples.Shared.csproj
#:package TorchSharp-cpu
#:package SkiaSharp.NativeAssets.Linux.NoDependencies

// A network of one's own in the library's trainer and estimator: any TorchSharp module that implements IPoseNetwork takes part.
using System.CommandLine;
using System.Globalization;
using Mspn.Core;
using Mspn.Data;
using Mspn.Inference;
using Mspn.Losses;
using Mspn.Samples;
using Mspn.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

var minutes = new Option<double>("--minutes") { Description = "Training time.", DefaultValueFactory = _ => 1 };
var output = new Option<string>("--out") { Description = "Folder for weights and the picture.", DefaultValueFactory = _ => "out/own-network" };
var command = new RootCommand("Trains a small network of the caller's own on synthetic people, saves it, loads it and scores it.") { minutes, output };

return SampleProgram.Run(command, args, (given, cancellation) =>
{
    var folder = given.GetValue(output)!;
    var kind = new SyntheticPeopleOptions { MaxTurn = 45, MaxRotation = 12, OcclusionProbability = 0.08, TruncationProbability = 0 };
    var people = new SyntheticPeopleDataset(KeypointSchemas.Coco17, kind with { Count = 2000 });
    var unseen = new SyntheticPeopleDataset(KeypointSchemas.Coco17, kind with { Count = 200, Seed = 1_000_003 });

    torch.random.manual_seed(0);
    using var network = new PlainNetwork(people.Schema, new ImageSize(96, 96), width: 32);
    Console.WriteLine(NetworkSummary.Of(network));

    // Its last layer is not normalised, so a peak of 1 suits it.
    var input = new PoseInput { BoxScaleX = 1.2, BoxScaleY = 1.2, HeatmapPeak = 1 };
    var encoder = new CropEncoder(
        people.Schema, network.InputSize, network.HeatmapSize, input, new GaussianHeatmapTarget(sigma: 1.5),
        CropAugmentation.Simple with { BoxScale = 1.2, RotationDegrees = 10, ScaleLow = 0.9, ScaleHigh = 1.1, ShiftFraction = 0.03 });
    var loader = new PoseDataLoader(new CachedImages(people), encoder, new PoseLoaderOptions { BatchSize = 20 });
    var trainer = new Trainer(network, PoseLosses.SimpleBaseline(), loader, new TrainerOptions
    {
        OutputFolder = folder,
        Budget = TrainingBudget.OfTime(TimeSpan.FromMinutes(given.GetValue(minutes))),
        Schedule = new LearningRateSchedule { BaseRate = 2e-3, WarmupSteps = 30 },
    });
    trainer.Run(progress: new ConsoleTrainingProgress(), cancellation: cancellation);
    ConsoleLine.End();

    // Only this program can build the network, so it does, and the file fills it.
    var weights = Path.Combine(folder, "own-network.safetensors");
    PoseModelFile.Save(weights, network, input);
    using var estimator = new PoseEstimator(PoseModelFile.LoadInto(weights, new PlainNetwork(people.Schema, new ImageSize(96, 96), width: 32)));
    var (poses, pck) = Validation.Run(estimator, unseen, cancellation: cancellation);
    var result = pck.Result(threshold: 0.2);
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"PCK@0.2 (torso) on {result.People} unseen people: {result.Value:0.000} (ground-truth boxes)"));
    var picture = Path.Combine(folder, "own-network.png");
    EvaluatedPeople.Of(unseen, poses).EvenSheet().Save(picture);
    Console.WriteLine($"Wrote {weights} and {picture}.");
});

/// <summary>
/// A few strided convolutions and one up-sampling. Of the library it uses only the batch normalisation, because TorchSharp 0.107's own can end
/// a training run (see the remarks there).
/// </summary>
internal sealed class PlainNetwork : nn.Module<Tensor, Tensor>, IPoseNetwork
{
    private readonly Sequential body;
    private readonly Conv2d head;

    public PlainNetwork(KeypointSchema keypoints, ImageSize inputSize, int width)
        : base(nameof(PlainNetwork))
    {
        Keypoints = keypoints;
        InputSize = inputSize;
        int[] channels = [3, width, 2 * width, 4 * width, 8 * width];
        body = nn.Sequential(Enumerable.Range(1, 4).SelectMany(i => new nn.Module<Tensor, Tensor>[]
        {
            nn.Conv2d(channels[i - 1], channels[i], 3, stride: 2, padding: 1), new BatchNormalization(channels[i]), nn.ReLU(),
            nn.Conv2d(channels[i], channels[i], 3, padding: 1), new BatchNormalization(channels[i]), nn.ReLU(),
        }).Append(nn.ConvTranspose2d(channels[4], channels[3], 4, stride: 4)).Append(nn.ReLU()));
        head = nn.Conv2d(channels[3], keypoints.Count, 3, padding: 1);
        RegisterComponents();
    }

    public KeypointSchema Keypoints { get; }

    public ImageSize InputSize { get; }

    public ImageSize HeatmapSize => new(InputSize.Height / 4, InputSize.Width / 4);

    public override Tensor forward(Tensor input) => head.call(body.call(input));

    // One stage with one scale.
    public PoseOutput Predict(Tensor images) => new([[call(images)]]);

    // Optional: how positions are read from the heat maps.
    public IPoseDecoder CreateDecoder(PoseInput input) => new SimpleBaselineHeatmapDecoder { Peak = input.HeatmapPeak };
}
