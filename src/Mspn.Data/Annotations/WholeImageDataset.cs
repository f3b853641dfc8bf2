using Mspn.Core;

namespace Mspn.Data;

/// <summary>
/// Another data set image by image instead of person by person, for bottom-up networks: each sample is a whole image with everybody in it.
/// </summary>
/// <remarks>Reads the annotations once. Images whose size the data set does not tell are read for it when they are first asked for.</remarks>
public sealed class WholeImageDataset : IPoseDataset
{
    private readonly IPoseDataset _people;
    private readonly int[][] _groups;

    /// <summary>Groups a data set.</summary>
    /// <param name="people">The data set; not disposed.</param>
    public WholeImageDataset(IPoseDataset people)
    {
        ArgumentNullException.ThrowIfNull(people);
        _people = people;
        _groups = [.. Enumerable.Range(0, people.Count).GroupBy(i => people[i].ImageId).Select(group => group.ToArray())];
    }

    /// <inheritdoc />
    public KeypointSchema Schema => _people.Schema;

    /// <summary>Number of images.</summary>
    public int Count => _groups.Length;

    /// <summary>Image <paramref name="index"/>: its first person's id and keypoints, the others, what is ignored, and the whole image as
    /// its box.</summary>
    public PoseSample this[int index]
    {
        get
        {
            var group = _groups[index];
            var first = _people[group[0]];
            var size = first.ImageSize ?? _people.LoadImage(group[0]).Size;
            return first with
            {
                Box = Box.Whole(size),
                Area = size.Height * (double)size.Width,
                ImageSize = size,
                Others = [.. group.Skip(1).Select(i => _people[i].Keypoints)],
                Ignored = [.. group.SelectMany(i => _people[i].Ignored).Distinct()],
            };
        }
    }

    /// <summary>The people of image <paramref name="index"/> in the data set that was grouped.</summary>
    public IReadOnlyList<int> PeopleOf(int index) => _groups[index];

    /// <inheritdoc />
    public RgbImage LoadImage(int index) => _people.LoadImage(_groups[index][0]);
}
