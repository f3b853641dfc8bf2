// Builds networks, trains two small ones for two steps, saves them, loads them and asks them.
using System.Globalization;
using Mspn.Core;
using Mspn.Data;
using Mspn.Inference;
using Mspn.Losses;
using Mspn.Training;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
using var mspn = new MspnNetwork(new MspnOptions { Stages = 2, Keypoints = KeypointSchemas.Coco17 });
Console.WriteLine(mspn);

const int steps = 2;
var people = new SyntheticPeopleDataset(KeypointSchemas.Coco17, new SyntheticPeopleOptions { Count = 8 });
var (image, box) = (people.LoadImage(0), people[0].Box);
var size = new ImageSize(64, 64);

var small = new MspnOptions { InputSize = size, Stages = 2, BaseChannels = 8, BlocksPerLevel = [1, 1, 1, 1], UpsampleChannels = 16 };
var expected = TrainAndSave(small.Build(), "pose.safetensors");
using var estimator = PoseEstimator.Load("pose.safetensors");
Pose pose = estimator.Estimate(image, box);
PoseRenderer.Draw(image, pose).Save("pose.png");
Console.WriteLine($"{pose.Keypoints.Count} keypoints, as trained: {pose.Keypoints.SequenceEqual(expected.Keypoints)}");

expected = TrainAndSave(Hourglass(), "hourglass.safetensors");
using var another = new PoseEstimator(PoseModelFile.LoadInto("hourglass.safetensors", Hourglass()));
pose = another.Estimate(image, box);
Console.WriteLine($"{pose.Keypoints.Count} keypoints, as trained: {pose.Keypoints.SequenceEqual(expected.Keypoints)}");

// An hourglass with MSPN's cross-stage aggregation and heat maps at every scale.
MultiStageNetwork Hourglass() => new(
    stem: new HourglassStem(16),
    stages: Enumerable.Range(0, 3).Select(_ => SingleStageModule.Hourglass(channels: 16)),
    keypoints: people.Schema,
    aggregation: new CrossStageAggregation(),
    inputSize: size,
    link: place => new ResidualLink(place));

Pose TrainAndSave(IPoseNetwork network, string file)
{
    var folder = Path.ChangeExtension(file, null);
    var input = new PoseInput();
    var targets = new CoarseToFineHeatmapTarget(kernels: [15, 11, 9, 7, 5]);
    var loss = new MultiStageLoss(new JointsMseLoss(), finest: new OhkmLoss(topK: 8));
    var encoder = new CropEncoder(people.Schema, network.InputSize, network.HeatmapSize, input, targets, CropAugmentation.OfficialCoco);
    var loader = new PoseDataLoader(people, encoder, new PoseLoaderOptions { BatchSize = 4 });
    var trainer = new Trainer(network, loss, loader, new TrainerOptions { OutputFolder = folder, Budget = TrainingBudget.OfSteps(steps) });
    var end = trainer.Run(resume: true);
    Console.WriteLine($"{folder}: {end.Step} steps, loss {end.Loss:0.0}");

    PoseModelFile.Save(file, network, input);
    using var trained = new PoseEstimator(new PoseModel(network, input));
    return trained.Estimate(image, box);
}
