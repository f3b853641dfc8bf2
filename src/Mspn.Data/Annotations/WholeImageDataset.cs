using Mspn.Core;

namespace Mspn.Data;

/// <summary>
/// Another data set image by image instead of person by person, for bottom-up networks: each sample is a whole image with everybody in it.
/// </summary>
/// <remarks>Samples are put together when they are first asked for, and kept; an image whose size the data set does not tell is read for it then.</remarks>
public sealed class WholeImageDataset : IPoseDataset
{
    private readonly IPoseDataset _people;
    private readonly int[][] _groups;
    private readonly PoseSample?[] _samples;

    /// <summary>Groups a data set.</summary>
    /// <param name="people">The data set; not disposed.</param>
    public WholeImageDataset(IPoseDataset people)
    {
        ArgumentNullException.ThrowIfNull(people);
        _people = people;
        _groups = [.. Enumerable.Range(0, people.Count).GroupBy(i => people[i].ImageId).Select(group => group.ToArray())];
        _samples = new PoseSample?[_groups.Length];
    }

    /// <inheritdoc />
    public KeypointSchema Schema => _people.Schema;

    /// <summary>Number of images.</summary>
    public int Count => _groups.Length;

    /// <summary>Image <paramref name="index"/>: its first person's id and keypoints, the others, what is ignored, and the whole image as
    /// its box.</summary>
    public PoseSample this[int index] => _samples[index] ??= Gather(_groups[index]);

    /// <summary>The people of image <paramref name="index"/> in the data set that was grouped.</summary>
    public IReadOnlyList<int> PeopleOf(int index) => _groups[index];

    /// <inheritdoc />
    public RgbImage LoadImage(int index) => _people.LoadImage(_groups[index][0]);

    // Two threads that come first at once gather the same.
    private PoseSample Gather(int[] group)
    {
        PoseSample[] people = [.. group.Select(i => _people[i])];
        var size = people[0].ImageSize ?? _people.LoadImage(group[0]).Size;
        return people[0] with
        {
            Box = Box.Whole(size),
            Area = size.Height * (double)size.Width,
            ImageSize = size,
            Others = [.. people.Skip(1).Select(person => person.Keypoints)],
            Ignored = [.. people.SelectMany(person => person.Ignored).Distinct()],
        };
    }
}
