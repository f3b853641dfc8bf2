using System.Text.Json.Nodes;

namespace Mspn.Data.Tests.Annotations;

/// <summary>A small COCO file of a schema with three keypoints, to be spoilt by tests.</summary>
internal sealed class CocoFiles : IDisposable
{
    public const int Width = 64;
    public const int Height = 48;

    private readonly TemporaryFolder _folder = new();

    public CocoFiles()
    {
        Directory.CreateDirectory(Images);
        Root = new JsonObject
        {
            ["images"] = new JsonArray(Image(7, "a.png"), Image(8, "b.png")),
            ["categories"] = new JsonArray(new JsonObject
            {
                ["id"] = 1, ["name"] = "creature", ["keypoints"] = new JsonArray("nose", "left_hand", "right_hand"),
                ["skeleton"] = new JsonArray(new JsonArray(1, 2), new JsonArray(1, 3)),
            }),
            ["annotations"] = new JsonArray(Annotation(100, 7), Annotation(101, 8)),
        };
    }

    public JsonObject Root { get; }

    public string Path => _folder.File("annotations.json");

    public string Images => _folder.File("images");

    public JsonArray Annotations => (JsonArray)Root["annotations"]!;

    public JsonObject First => (JsonObject)Annotations[0]!;

    public static JsonObject Image(long id, string name) =>
        new() { ["id"] = id, ["file_name"] = name, ["width"] = Width, ["height"] = Height };

    public static JsonObject Annotation(long id, long image) => new()
    {
        ["id"] = id, ["image_id"] = image, ["category_id"] = 1, ["iscrowd"] = 0, ["area"] = 123.5,
        ["bbox"] = new JsonArray(4, 5, 30, 20), ["keypoints"] = new JsonArray(10, 11, 2, 20.5, 21, 1, 0, 0, 0), ["num_keypoints"] = 2,
    };

    /// <summary>The file with one field in other words, which need not be JSON.</summary>
    public string With(JsonObject item, string field, string value)
    {
        item.Remove(field);
        item.Insert(0, "placeholder", 0);
        return Root.ToJsonString().Replace("\"placeholder\":0", $"\"{field}\":{value}");
    }

    public CocoKeypointDataset Load(Mspn.Core.KeypointSchema? schema = null)
    {
        File.WriteAllText(Path, Root.ToJsonString());
        return CocoKeypointDataset.Load(Path, Images, schema);
    }

    public void Dispose() => _folder.Dispose();
}
