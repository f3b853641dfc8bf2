using System.Text.Json;
using Mspn.Core;

namespace Mspn.Data;

/// <summary>Takes the entries out of a COCO result file, one after another.</summary>
internal sealed class CocoResultParser(string name, CocoReport report, Action<CocoResult, int> found)
{
    private readonly CocoFields _fields = new();
    private readonly List<double> _numbers = [];
    private readonly List<double> _box = [];

    public void Parse(ref JsonFileReader json)
    {
        if (json.Token == JsonTokenType.StartObject)
        {
            throw new PoseDataException(name, "this is not a COCO result file, which is a list; it may be an annotation file.");
        }
        json.ExpectList("results");
        while (json.NextEntry())
        {
            ReadResult(ref json);
        }
    }

    private void ReadResult(ref JsonFileReader json)
    {
        long? image = null, category = null;
        double? score = null;
        string? imageName = null;
        _numbers.Clear();
        _box.Clear();
        var isObject = _fields.Begin(ref json);
        while (isObject && json.NextField())
        {
            if (json.Is("image_id"u8))
            {
                image = _fields.Integer(ref json, "image_id");
            }
            else if (json.Is("file_name"u8))
            {
                imageName = _fields.Text(ref json, "file_name");
            }
            else if (json.Is("category_id"u8))
            {
                category = _fields.Integer(ref json, "category_id");
            }
            else if (json.Is("keypoints"u8))
            {
                _fields.Numbers(ref json, "keypoints", _numbers);
            }
            else if (json.Is("bbox"u8))
            {
                _fields.Numbers(ref json, "bbox", _box);
            }
            else if (json.Is("score"u8))
            {
                score = _fields.Number(ref json, "score");
            }
            else
            {
                json.SkipField();
            }
        }
        if (isObject)
        {
            Check(image, score);
        }
        if (_fields.Failed)
        {
            report.Add(_fields.Problem(CocoResults.ItemName(json.Index, image), image));
            return;
        }
        var result = new CocoResult
        {
            ImageId = image!.Value,
            ImageName = imageName,
            CategoryId = category ?? 1,
            Keypoints = Keypoints(),
            Box = CocoValues.Box(_box),
            Score = score!.Value,
        };
        found(result, json.Index);
    }

    private void Check(long? image, double? score)
    {
        if (image is null)
        {
            _fields.Fail(CocoFault.Missing, "image_id", "has no image_id");
        }
        if (score is null)
        {
            _fields.Fail(CocoFault.Missing, "score", "has no score");
        }
        if (_numbers.Count % 3 != 0)
        {
            _fields.Fail(CocoFault.KeypointCount, "keypoints", $"has {_numbers.Count} keypoint numbers, which are not x, y, score for each keypoint");
        }
        if (_box.Count > 0 && CocoValues.Box(_box) is not { Width: >= 0, Height: >= 0 })
        {
            _fields.Fail(CocoFault.Box, "bbox", CocoValues.NoUsableBox(_box));
        }
        if (_numbers.Count == 0 && _box.Count == 0)
        {
            _fields.Fail(CocoFault.Missing, "keypoints", "has neither keypoints nor a bbox");
        }
    }

    private KeypointPrediction[] Keypoints()
    {
        var keypoints = _numbers.Count == 0 ? [] : new KeypointPrediction[_numbers.Count / 3];
        for (var k = 0; k < keypoints.Length; k++)
        {
            keypoints[k] = new KeypointPrediction(_numbers[3 * k], _numbers[3 * k + 1], _numbers[3 * k + 2]);
        }
        return keypoints;
    }
}
