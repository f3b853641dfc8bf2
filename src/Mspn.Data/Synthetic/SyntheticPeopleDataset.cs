using Mspn.Core;

namespace Mspn.Data;

/// <summary>
/// Drawn people with exact annotations, for samples, tests and experiments that should need no download. Bodies, postures, clothes,
/// views, backgrounds and occlusions vary; a small network learns them within minutes.
/// </summary>
/// <remarks>
/// <para>Every image and annotation is a function of the options and the image's index alone: the same on every call, in any order and
/// from several threads at once. Nothing is cached. The schema decides only which points are reported, not what is drawn.</para>
/// <para>A data set with another <see cref="SyntheticPeopleOptions.Seed"/> shows other people in other pictures and so can serve as a
/// held-out set.</para>
/// <para>Keypoints are exact also where hidden: visibility 1 behind an object, another person or the own body, 2 in plain view (also
/// through clothes), and 0 at (0, 0) outside the image. Left and right are the person's own. The box is the extent of the drawn
/// silhouette, hidden or not, plus two pixels, all clipped to the image; the area is the silhouette's inside the image.</para>
/// <para>Ids count from 1 in order; people of one image follow each other and share <see cref="PoseSample.ImageId"/>.</para>
/// </remarks>
public sealed class SyntheticPeopleDataset : IPoseDataset
{
    private readonly SyntheticPeopleOptions _options;
    private readonly BodyPoint[] _points;

    // The index of each image's first person; null if all images show equally many.
    private readonly int[]? _firstPerson;

    /// <summary>A data set with the given keypoints. Draws nothing yet.</summary>
    /// <param name="schema">Any bundled schema, or one made of the same names (<c>left_hand</c>, <c>left_toe</c>, <c>head</c>,
    /// <c>waist</c> and their counterparts exist too), whatever their case.</param>
    /// <param name="options">What to draw; default: <see cref="SyntheticPeopleOptions"/> as it stands.</param>
    /// <exception cref="ArgumentException">A keypoint has an unknown name (the message lists the known ones), or the schema is
    /// inconsistent.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message says which.</exception>
    public SyntheticPeopleDataset(KeypointSchema schema, SyntheticPeopleOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(schema);
        Schema = schema.Validated();
        _points = BodyPoints.Of(schema);
        _options = (options ?? new SyntheticPeopleOptions()).Validated();
        if (_options.MinFiguresPerImage == _options.MaxFiguresPerImage)
        {
            Count = _options.Count * _options.MinFiguresPerImage;
            return;
        }
        _firstPerson = new int[_options.Count];
        for (var image = 0; image < _options.Count; image++)
        {
            _firstPerson[image] = Count;
            Count += SyntheticScene.FigureCount(_options, image);
        }
    }

    /// <inheritdoc />
    public KeypointSchema Schema { get; }

    /// <summary>Number of people: the number of images times the figures in each.</summary>
    public int Count { get; }

    /// <summary>Number of images.</summary>
    public int ImageCount => _options.Count;

    /// <summary>The annotation of person <paramref name="index"/>, worked out anew without drawing the image.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such person.</exception>
    public PoseSample this[int index]
    {
        get
        {
            var (image, figure) = Find(index);
            var scene = SyntheticScene.Compose(_options, image);
            var box = SceneAnnotator.BoxOf(scene.Figures[figure], _options.ImageSize);
            return new PoseSample
            {
                Id = index + 1L,
                ImageId = image + 1L,
                ImageName = $"synthetic/seed{_options.Seed}/{image + 1:D6}",
                Box = box,
                Keypoints = Array.ConvertAll(_points, point => SceneAnnotator.Locate(scene, figure, point, _options.ImageSize)),
                ImageSize = _options.ImageSize,
                Area = SceneAnnotator.AreaOf(scene.Figures[figure], box),
            };
        }
    }

    /// <summary>Draws the image of person <paramref name="index"/>; every call returns an image of its own.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such person.</exception>
    public RgbImage LoadImage(int index)
    {
        var (image, _) = Find(index);
        return SceneRenderer.Render(SyntheticScene.Compose(_options, image), SyntheticScene.PixelRandom(_options, image), _options);
    }

    /// <summary>Which image a person is in, and the how-manieth there.</summary>
    private (int Image, int Figure) Find(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        if (_firstPerson is null)
        {
            return Math.DivRem(index, _options.MinFiguresPerImage);
        }
        var found = Array.BinarySearch(_firstPerson, index);
        var image = found >= 0 ? found : ~found - 1;
        return (image, index - _firstPerson[image]);
    }
}
