using System.Text.Json.Nodes;
using Mspn.Core;
using Mspn.Data;
using Mspn.Inference;
using Mspn.Losses;
using Mspn.Onnx.Tests;
using Mspn.Training;
using Mspn.Training.Tests;
using TorchSharp;

namespace Mspn.Samples.Tests.Documentation;

/// <summary>The files that the pages' snippets name, small: drawn people, tiny networks.</summary>
internal static class SnippetFiles
{
    private const int TrainingPeople = 40;
    private const int ValidationPeople = 8;

    private static readonly SyntheticPeopleOptions Drawing = new() { ImageSize = new ImageSize(320, 240), MinFigureHeight = 0.7 };

    /// <summary>Each file by its name, or the folder it is in, and what writes it into a folder.</summary>
    private static readonly Dictionary<string, Action<string>> Writers = new()
    {
        ["photo.jpg"] = path => People(KeypointSchemas.Coco17, 1, seed: 0).LoadImage(0).Save(path),
        ["train.json"] = path => Annotations(path, KeypointSchemas.Coco17, TrainingPeople, firstImage: 1),
        ["val.json"] = path => Annotations(path, KeypointSchemas.Coco17, ValidationPeople, firstImage: 1 + TrainingPeople),
        ["detections.json"] = path => Results(path, keypoints: false),
        ["results.json"] = path => Results(path, keypoints: true),
        ["mspn-small-lsp14.safetensors"] = path => File.Copy(Repository.File("models", "mspn-small-lsp14.safetensors"), path),
        ["quickstart.safetensors"] = path => SaveTiny(path, TinyNetworks.Options),
        ["weights.safetensors"] = path => SaveTiny(path, TinyNetworks.Options),
        ["everybody.safetensors"] = path => SaveTiny(path, (OpenPoseOptions)TinyNetworks.All["openpose"] with { InputSize = new ImageSize(128, 128) }, PoseInput.OpenPose),
        ["mspn_2xstg_coco.pth"] = path => Export(path, TinyNetworks.Options, WeightStyle.Official),
        ["2xmspn50_coco_256x192.pth"] = path => Export(path, TinyNetworks.Options with { ConvolutionBias = false }, WeightStyle.Mmpose),
        ["resnet50.pth"] = WriteResNet50,
        ["iter-48000.pth"] = WriteTrainingCheckpoint,
        ["yolox_nano.onnx"] = WriteDetector,
    };

    /// <summary>Writes those files whose names occur in a text.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="named">The text.</param>
    public static void Write(string folder, string named)
    {
        foreach (var (file, write) in Writers.Where(w => named.Contains(w.Key, StringComparison.Ordinal)))
        {
            var path = named[..named.IndexOf(file, StringComparison.Ordinal)].Split('"')[^1] + file;
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, path))!);
            write(Path.Combine(folder, path));
        }
    }

    private static SyntheticPeopleDataset People(KeypointSchema schema, int count, long seed) => new(schema, Drawing with { Count = count, Seed = seed });

    private static void Annotations(string path, KeypointSchema schema, int count, int firstImage)
    {
        var people = People(schema, count, seed: firstImage);
        var (images, annotations) = (new JsonArray(), new JsonArray());
        for (var i = 0; i < count; i++)
        {
            var (person, id, file) = (people[i], firstImage + i, $"{firstImage + i:D12}.jpg");
            people.LoadImage(i).Save(Path.Combine(Path.GetDirectoryName(path)!, "photos", file));
            images.Add(new JsonObject { ["id"] = id, ["file_name"] = file, ["width"] = Drawing.ImageSize.Width, ["height"] = Drawing.ImageSize.Height });
            annotations.Add(new JsonObject
            {
                ["id"] = id,
                ["image_id"] = id,
                ["category_id"] = 1,
                ["iscrowd"] = 0,
                ["area"] = person.Area,
                ["bbox"] = Numbers([person.Box.X, person.Box.Y, person.Box.Width, person.Box.Height]),
                ["keypoints"] = Numbers(person.Keypoints.SelectMany(k => new[] { k.X, k.Y, k.Visibility })),
            });
        }
        var category = new JsonObject { ["id"] = 1, ["name"] = "person", ["keypoints"] = new JsonArray([.. schema.Keypoints.Select(k => JsonValue.Create(k))]) };
        File.WriteAllText(path, new JsonObject { ["images"] = images, ["annotations"] = annotations, ["categories"] = new JsonArray(category) }.ToJsonString());
    }

    private static void Results(string path, bool keypoints)
    {
        var people = People(KeypointSchemas.Coco17, ValidationPeople, seed: 1 + TrainingPeople);
        CocoResults.Write(path, Enumerable.Range(0, people.Count).Select(i => new CocoResult
        {
            ImageId = 1 + TrainingPeople + i,
            CategoryId = 1,
            Box = people[i].Box,
            Keypoints = keypoints ? [.. people[i].Keypoints.Select(k => new KeypointPrediction(k.X + i, k.Y, 1))] : [],
            Score = 0.9 - 0.01 * i,
        }));
    }

    private static JsonArray Numbers(IEnumerable<double> numbers) => [.. numbers.Select(n => (JsonNode)n)];

    private static void SaveTiny(string path, PoseNetworkOptions options, PoseInput? input = null)
    {
        torch.manual_seed(1);
        using var model = new PoseModel(options.Build(), input ?? new PoseInput());
        PoseModelFile.Save(path, model.Network, model.Input);
    }

    private static void Export(string path, PoseNetworkOptions options, WeightStyle style)
    {
        torch.manual_seed(1);
        using var model = new PoseModel(options.Build(), new PoseInput());
        WeightExport.Write(path, model.Network, style);
    }

    // Of the true size, since networks with encoders of that size are to be filled; the numbers do not matter.
    private static void WriteResNet50(string path)
    {
        using var scope = torch.NewDisposeScope();
        using var network = new MspnNetwork(new MspnOptions { Stages = 1, ConvolutionBias = false });
        var keys = BackboneKeys.TorchvisionResNet([3, 4, 6, 3]);
        PytorchWriter.Write(path, NetworkWeights.Of(network).Where(p => keys.Theirs(p.Key) is not null).Select(p => KeyValuePair.Create(keys.Theirs(p.Key)!, p.Value)));
    }

    private static void WriteTrainingCheckpoint(string path)
    {
        using var network = TinyNetworks.Mspn();
        using var stepper = new TrainingStepper(network, PoseLosses.Mspn());
        var people = People(network.Keypoints, 2, seed: 0);
        var encoder = new CropEncoder(people.Schema, network.InputSize, network.HeatmapSize, new PoseInput(), new CoarseToFineHeatmapTarget());
        using var batch = new PoseDataLoader(people, encoder, new PoseLoaderOptions { BatchSize = 2 }).Epoch(0).First();
        stepper.Step(batch.Images, batch.Targets, learningRate: 1e-3);
        File.WriteAllBytes(path, new OfficialCheckpoint(network, stepper, PyramidKeys.Official(TinyNetworks.Options)).Bytes());
    }

    // Finds the same two people in every image.
    private static void WriteDetector(string path)
    {
        var output = DetectorOutput.Empty(Mspn.Onnx.DetectorBoxes.Pixels).With(0, 30, 30, 20, 50, 1, 0.9f).With(1, 60, 30, 20, 50, 1, 0.8f);
        TinyOnnx.Write(path, [1, 3, DetectorOutput.Input.Height, DetectorOutput.Input.Width], output, DetectorOutput.Shape);
    }
}
