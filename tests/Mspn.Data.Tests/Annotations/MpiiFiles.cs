using System.Text.Json.Nodes;
using Mspn.Core;

namespace Mspn.Data.Tests.Annotations;

/// <summary>Small MPII files in both layouts, to be spoilt by tests: three people in two images. Joint k stands at (100 + k, 200 + k), counted from 1.</summary>
internal sealed class MpiiFiles : IDisposable
{
    private static readonly int Joints = KeypointSchemas.Mpii16.Count;

    private readonly TemporaryFolder _folder = new();

    public MpiiFiles(bool bearpaw)
    {
        Directory.CreateDirectory(Images);
        Root = bearpaw
            ? [Bearpaw("b.jpg", 0), Bearpaw("a.jpg", 1), Bearpaw("b.jpg", 1.0)]
            : [Plain("b.jpg"), Plain("a.jpg"), Plain("b.jpg")];
    }

    public JsonArray Root { get; }

    public string Path => _folder.File("people.json");

    public string HeadBoxes => _folder.File("heads.npy");

    public string Images => _folder.File("images");

    public JsonObject First => (JsonObject)Root[0]!;

    public MpiiDataset Load(MpiiPart part = MpiiPart.Everybody, string? headBoxes = null)
    {
        File.WriteAllText(Path, Root.ToJsonString());
        return MpiiDataset.Load(Path, Images, part, headBoxes);
    }

    public void Dispose() => _folder.Dispose();

    private static JsonObject Plain(string image) => new()
    {
        ["image"] = image, ["center"] = new JsonArray(110.0, 210.0), ["scale"] = 2.5,
        ["joints"] = List(k => new JsonArray(100 + k, 200 + k)), ["joints_vis"] = List(_ => 1),
    };

    private static JsonObject Bearpaw(string image, JsonNode validation) => new()
    {
        ["dataset"] = "MPI", ["isValidation"] = validation, ["img_paths"] = image, ["img_width"] = 640.000, ["img_height"] = 480.000,
        ["objpos"] = new JsonArray(110.0, 210.0), ["scale_provided"] = 2.5, ["numOtherPeople"] = 0,
        ["joint_self"] = List(k => new JsonArray(100 + k, 200 + k, 1.0)),
    };

    private static JsonArray List(Func<int, JsonNode> item) => [.. Enumerable.Range(0, Joints).Select(item)];
}
