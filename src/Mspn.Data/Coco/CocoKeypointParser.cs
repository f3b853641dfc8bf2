using System.Globalization;
using System.Text.Json;
using Mspn.Core;

namespace Mspn.Data;

/// <summary>Takes images, people and categories out of a COCO keypoint file, whatever their order; <see cref="CocoCrossCheck"/> does what needs them
/// all.</summary>
internal sealed class CocoKeypointParser(string name, CocoReport report)
{
    private readonly CocoFields _fields = new();
    private readonly CocoCategoryParser _categories = new(name);
    private readonly List<double> _numbers = [];
    private readonly List<double> _box = [];
    private readonly HashSet<long> _imageIds = [];
    private readonly HashSet<long> _personIds = [];
    private readonly HashSet<string> _lists = [];

    public List<CocoImageInfo> Images { get; } = [];

    public List<CocoPerson> People { get; } = [];

    public List<CocoCategory> Categories => _categories.Categories;

    /// <summary>People whose <c>category_id</c> is missing.</summary>
    public HashSet<long> Uncategorised { get; } = [];

    public bool HasAnnotations => _lists.Contains("annotations");

    public void Parse(ref JsonFileReader json)
    {
        if (json.Token != JsonTokenType.StartObject)
        {
            throw NotCoco();
        }
        while (json.NextField())
        {
            if (json.Is("images"u8))
            {
                Begin(ref json, "images");
                while (json.NextEntry())
                {
                    ReadImage(ref json);
                }
            }
            else if (json.Is("annotations"u8))
            {
                Begin(ref json, "annotations");
                while (json.NextEntry())
                {
                    ReadPerson(ref json);
                }
            }
            else if (json.Is("categories"u8))
            {
                Begin(ref json, "categories");
                while (json.NextEntry())
                {
                    _categories.Read(ref json);
                }
            }
            else
            {
                json.SkipField();
            }
        }
        if (!_lists.Contains("images"))
        {
            throw NotCoco();
        }
    }

    private PoseDataException NotCoco() => new(name, "this is not a COCO keypoint file: 'images' is missing.");

    private void Begin(ref JsonFileReader json, string list)
    {
        if (!_lists.Add(list))
        {
            throw new PoseDataException(name, $"'{list}' appears twice.");
        }
        json.BeginList(list);
    }

    private void ReadImage(ref JsonFileReader json)
    {
        long? id = null;
        string? file = null;
        int? width = null, height = null;
        double? crowding = null;
        var isObject = _fields.Begin(ref json);
        while (isObject && json.NextField())
        {
            if (json.Is("id"u8))
            {
                id = _fields.Integer(ref json, "id");
            }
            else if (json.Is("file_name"u8))
            {
                file = _fields.Text(ref json, "file_name");
            }
            else if (json.Is("width"u8))
            {
                width = _fields.Count(ref json, "width");
            }
            else if (json.Is("height"u8))
            {
                height = _fields.Count(ref json, "height");
            }
            else if (json.Is("crowdIndex"u8))
            {
                crowding = _fields.Number(ref json, "crowdIndex");
            }
            else
            {
                json.SkipField();
            }
        }
        if (Accept(ref json, "image", id, _imageIds))
        {
            ImageSize? size = width is > 0 and var w && height is > 0 and var h ? new ImageSize(h, w) : null;
            Images.Add(new CocoImageInfo(id!.Value, file, size, crowding));
        }
    }

    private void ReadPerson(ref JsonFileReader json)
    {
        long? id = null, image = null, category = null;
        int? labelled = null;
        double? area = null;
        bool crowd = false, ignore = false;
        _numbers.Clear();
        _box.Clear();
        var isObject = _fields.Begin(ref json);
        while (isObject && json.NextField())
        {
            if (json.Is("id"u8))
            {
                id = _fields.Integer(ref json, "id");
            }
            else if (json.Is("image_id"u8))
            {
                image = _fields.Integer(ref json, "image_id");
            }
            else if (json.Is("category_id"u8))
            {
                category = _fields.Integer(ref json, "category_id");
            }
            else if (json.Is("keypoints"u8))
            {
                _fields.Numbers(ref json, "keypoints", _numbers);
            }
            else if (json.Is("num_keypoints"u8))
            {
                labelled = _fields.Count(ref json, "num_keypoints");
            }
            else if (json.Is("bbox"u8))
            {
                _fields.Numbers(ref json, "bbox", _box);
            }
            else if (json.Is("area"u8))
            {
                area = _fields.Number(ref json, "area");
            }
            else if (json.Is("iscrowd"u8))
            {
                crowd = _fields.Flag(ref json, "iscrowd");
            }
            else if (json.Is("ignore"u8))
            {
                ignore = _fields.Flag(ref json, "ignore");
            }
            else
            {
                json.SkipField();
            }
        }
        if (isObject)
        {
            CheckPerson(image, area);
        }
        if (!Accept(ref json, "annotation", id, _personIds))
        {
            return;
        }
        var keypoints = CocoValues.Keypoints(_numbers);
        if (category is null)
        {
            Uncategorised.Add(id!.Value);
        }
        People.Add(new CocoPerson
        {
            Id = id!.Value,
            ImageId = image!.Value,
            CategoryId = category ?? 1,
            Keypoints = keypoints,
            LabelledKeypoints = labelled ?? keypoints.Count(k => k.IsLabelled),
            Box = CocoValues.Box(_box) ?? default,
            Area = area ?? 0,
            IsCrowd = crowd,
            Ignore = ignore,
        });
    }

    private void CheckPerson(long? image, double? area)
    {
        if (_numbers.Count % 3 != 0)
        {
            _fields.Fail(CocoFault.KeypointCount, "keypoints", $"has {_numbers.Count} keypoint numbers, which are not x, y, v for each keypoint");
        }
        if (_box.Count > 0 && CocoValues.Box(_box) is not { Width: >= 0, Height: >= 0 })
        {
            _fields.Fail(CocoFault.Box, "bbox", CocoValues.NoUsableBox(_box));
        }
        if (area < 0)
        {
            _fields.Fail(CocoFault.Area, "area", string.Create(CultureInfo.InvariantCulture, $"has the negative area {area:R}"));
        }
        if (image is null)
        {
            _fields.Fail(CocoFault.Missing, "image_id", "has no image_id");
        }
    }

    // Whether an object can be used; if not, says so.
    private bool Accept(ref JsonFileReader json, string kind, long? id, HashSet<long> seen)
    {
        if (id is not { } known)
        {
            _fields.Fail(CocoFault.Missing, "id", "has no id");
        }
        else if (!_fields.Failed && !seen.Add(known))
        {
            _fields.Fail(CocoFault.Duplicate, "id", "appears twice");
            report.Add(_fields.Problem($"{kind} id {id}", id));
            return false;
        }
        if (_fields.Failed)
        {
            report.Add(_fields.Problem(id is null ? $"{json.List}[{json.Index}]" : $"{kind} {id}", id));
            return false;
        }
        return true;
    }
}
