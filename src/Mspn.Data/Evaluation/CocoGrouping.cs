using Mspn.Core;

namespace Mspn.Data;

/// <summary>The pairs of category and image that are scored, numbered category by category, images in the order of their ids.</summary>
internal sealed class CocoGrouping
{
    private readonly Dictionary<long, int> _images = [];
    private readonly Dictionary<long, int> _categories = [];
    private readonly HashSet<long> _known = [];

    public CocoGrouping(IReadOnlyList<CocoImageInfo> images, IReadOnlyList<CocoPerson> people, CocoEvaluatorOptions options)
    {
        foreach (var image in images)
        {
            if (!_known.Add(image.Id))
            {
                throw new PoseDataException(CocoEvaluator.TruthName, $"image {image.Id} occurs twice.");
            }
        }
        foreach (var id in options.Images ?? [])
        {
            if (!_known.Contains(id))
            {
                throw new ArgumentException($"Image {id} is to be scored but is not in the ground truth.");
            }
        }
        foreach (var id in (options.Images ?? _known).Distinct().Order())
        {
            _images.Add(id, _images.Count);
        }
        var categories = options.Categories ?? (IEnumerable<long>)[.. people.Where(p => _images.ContainsKey(p.ImageId)).Select(p => p.CategoryId)];
        foreach (var id in categories.Distinct().Order())
        {
            _categories.Add(id, _categories.Count);
        }
        CrowdIndices = new double?[_images.Count];
        foreach (var image in images)
        {
            if (_images.TryGetValue(image.Id, out var index))
            {
                CrowdIndices[index] = image.CrowdIndex;
            }
        }
    }

    public int Images => _images.Count;

    public int Categories => _categories.Count;

    public int Count => Images * Categories;

    /// <summary>The crowd index of each image that is scored.</summary>
    public double?[] CrowdIndices { get; }

    public bool Knows(long image) => _known.Contains(image);

    /// <summary>The number of a pair, or −1 if it is not scored.</summary>
    public int Find(long image, long category) =>
        _images.TryGetValue(image, out var i) && _categories.TryGetValue(category, out var c) ? c * Images + i : -1;

    /// <summary>Indices of items by their group, in the order in which they stand; items of group −1 are left out.</summary>
    /// <returns>The order, and where each group starts in it, with the end as one more.</returns>
    public (int[] Order, int[] Starts) Arrange(ReadOnlySpan<int> groups)
    {
        var starts = new int[Count + 1];
        foreach (var group in groups)
        {
            if (group >= 0)
            {
                starts[group + 1]++;
            }
        }
        for (var i = 0; i < Count; i++)
        {
            starts[i + 1] += starts[i];
        }
        var (next, order) = (starts.AsSpan(0, Count).ToArray(), new int[starts[Count]]);
        for (var i = 0; i < groups.Length; i++)
        {
            if (groups[i] >= 0)
            {
                order[next[groups[i]]++] = i;
            }
        }
        return (order, starts);
    }
}
