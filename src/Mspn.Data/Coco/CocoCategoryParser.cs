using System.Text.Json;
using Mspn.Core;

namespace Mspn.Data;

/// <summary>Takes the categories out of a COCO keypoint file.</summary>
/// <remarks>What a category says holds for everybody: there is nothing to leave out, so a problem ends even a tolerant reading.</remarks>
internal sealed class CocoCategoryParser(string name)
{
    // As long as the longest list of numbers can be.
    private const int MostNames = 10_000;

    private readonly CocoFields _fields = new();
    private readonly HashSet<long> _ids = [];

    public List<CocoCategory> Categories { get; } = [];

    /// <summary>Reads the category at the present token.</summary>
    public void Read(ref JsonFileReader json)
    {
        long? id = null;
        string? title = null;
        var keypoints = new List<string>();
        var skeleton = new List<(int, int)>();
        var sigmas = new List<double>();
        var isObject = _fields.Begin(ref json);
        while (isObject && json.NextField())
        {
            if (json.Is("id"u8))
            {
                id = _fields.Integer(ref json, "id");
            }
            else if (json.Is("name"u8))
            {
                title = _fields.Text(ref json, "name");
            }
            else if (json.Is("keypoints"u8))
            {
                ReadNames(ref json, keypoints);
            }
            else if (json.Is("skeleton"u8))
            {
                ReadSkeleton(ref json, skeleton);
            }
            else if (json.Is("sigmas"u8))
            {
                _fields.Numbers(ref json, "sigmas", sigmas);
            }
            else
            {
                json.SkipField();
            }
        }
        if (_fields.Failed)
        {
            throw new PoseDataException(name, _fields.Problem(id is null ? $"categories[{json.Index}]" : $"category {id}", id).ToString());
        }
        // Files with a single category often do not number it.
        if (!_ids.Add(id ?? 1))
        {
            throw new PoseDataException(name, $"category id {id ?? 1} appears twice (field 'id').");
        }
        Categories.Add(new CocoCategory { Id = id ?? 1, Name = title, Keypoints = keypoints, Skeleton = skeleton, Sigmas = sigmas });
    }

    private void ReadNames(ref JsonFileReader json, List<string> into)
    {
        into.Clear();
        if (!_fields.Value(ref json, JsonTokenType.StartArray, "keypoints", "a list of names"))
        {
            return;
        }
        while (json.Read() && json.Token != JsonTokenType.EndArray)
        {
            if (!_fields.Holds(ref json, JsonTokenType.String, "keypoints", "a name"))
            {
                continue;
            }
            if (into.Count == MostNames || json.Text() is not { } keypoint)
            {
                _fields.Fail(CocoFault.WrongValue, "keypoints", $"has more than {MostNames} names, or one that is not Unicode");
                continue;
            }
            into.Add(keypoint);
        }
    }

    private void ReadSkeleton(ref JsonFileReader json, List<(int A, int B)> into)
    {
        into.Clear();
        if (!_fields.Value(ref json, JsonTokenType.StartArray, "skeleton", "a list of pairs"))
        {
            return;
        }
        while (json.Read() && json.Token != JsonTokenType.EndArray)
        {
            if (!_fields.Holds(ref json, JsonTokenType.StartArray, "skeleton", "a pair"))
            {
                continue;
            }
            var (count, a, b) = (0, 0L, 0L);
            while (json.Read() && json.Token != JsonTokenType.EndArray)
            {
                var whole = 0L;
                if (_fields.Holds(ref json, JsonTokenType.Number, "skeleton", "a keypoint's number") && !json.TryInteger(out whole))
                {
                    _fields.Fail(CocoFault.WrongType, "skeleton", "has something other than whole numbers");
                }
                (a, b, count) = (b, whole, count + 1);
            }
            if (count != 2 || a is < 1 or > MostNames || b is < 1 or > MostNames)
            {
                _fields.Fail(CocoFault.WrongValue, "skeleton", "has an entry that is not two keypoints, counted from 1");
            }
            if (!_fields.Failed)
            {
                into.Add(((int)a, (int)b));
            }
        }
    }
}
