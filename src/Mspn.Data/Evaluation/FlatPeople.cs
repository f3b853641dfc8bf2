using System.Runtime.CompilerServices;
using Mspn.Core;

namespace Mspn.Data;

/// <summary>Annotations checked and laid out in arrays, group by group, each group in the order of the file.</summary>
internal sealed class FlatPeople
{
    // What CrowdPose's code takes for the share of a box that its person covers.
    private const double BoxShare = 0.53;

    private readonly OksKernel _kernel;
    private readonly double[] _x;
    private readonly double[] _y;
    private readonly double[] _labelled;
    private readonly int[] _labels;

    public FlatPeople(IReadOnlyList<CocoPerson> people, CocoGrouping grouping, OksKernel kernel, CocoEvaluatorOptions options)
    {
        _kernel = kernel;
        var groups = new int[people.Count];
        var ids = new HashSet<long>(people.Count);
        for (var i = 0; i < groups.Length; i++)
        {
            var person = people[i];
            if (!ids.Add(person.Id))
            {
                throw new PoseDataException(CocoEvaluator.TruthName, $"annotation {person.Id} occurs twice.");
            }
            groups[i] = grouping.Find(person.ImageId, person.CategoryId);
            Unlisted += grouping.Knows(person.ImageId) ? 0 : 1;
        }
        (Order, Starts) = grouping.Arrange(groups);
        (_x, _y, _labelled) = (new double[Count * kernel.Padded], new double[Count * kernel.Padded], new double[Count * kernel.Padded]);
        (_labels, Areas, Boxes) = (new int[Count], new double[Count], new Box[Count]);
        (IsCrowd, IsIgnored, IsZero) = (new bool[Count], new bool[Count], new bool[Count]);
        for (var i = 0; i < Count; i++)
        {
            var person = people[Order[i]];
            Boxes[i] = person.Box;
            Areas[i] = AreaOf(person, options.UseArea);
            IsCrowd[i] = person.IsCrowd;
            IsIgnored[i] = person.IsCrowd || person.LabelledKeypoints == 0;
            IsZero[i] = person.Id == 0;
            _labels[i] = Lay(person, i * kernel.Padded);
        }
    }

    public int Count => Order.Length;

    /// <summary>Index in the caller's list.</summary>
    public int[] Order { get; }

    public int[] Starts { get; }

    public double[] Areas { get; }

    public Box[] Boxes { get; }

    public bool[] IsCrowd { get; }

    public bool[] IsIgnored { get; }

    /// <summary>Whether the annotation's id is 0.</summary>
    public bool[] IsZero { get; }

    /// <summary>Annotations of images that the ground truth does not list.</summary>
    public int Unlisted { get; }

    public bool IsLabelled(int person, int keypoint) => _labelled[person * _kernel.Padded + keypoint] > 0;

    public (double X, double Y) Keypoint(int person, int keypoint) =>
        (_x[person * _kernel.Padded + keypoint], _y[person * _kernel.Padded + keypoint]);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Similarity(int person, ReadOnlySpan<double> foundX, ReadOnlySpan<double> foundY)
    {
        if (_labels[person] == 0)
        {
            return _kernel.Similarity(Boxes[person], Areas[person], foundX, foundY);
        }
        var (start, length) = (person * _kernel.Padded, _kernel.Padded);
        return _kernel.Similarity(
            _x.AsSpan(start, length), _y.AsSpan(start, length), _labelled.AsSpan(start, length), _labels[person], Areas[person], foundX, foundY);
    }

    private static double AreaOf(CocoPerson person, bool useArea)
    {
        var box = person.Box;
        if (!double.IsFinite(box.X) || !double.IsFinite(box.Y) || !double.IsFinite(box.Width) || !double.IsFinite(box.Height))
        {
            throw Bad(person, "its box is not finite");
        }
        var area = useArea ? person.Area : box.Height * box.Width * BoxShare;
        return area >= 0 && double.IsFinite(area) ? area : throw Bad(person, $"{area} is no area");
    }

    private int Lay(CocoPerson person, int start)
    {
        if (person.Keypoints.Count != 0 && person.Keypoints.Count != _kernel.Keypoints)
        {
            throw Bad(person, $"it has {person.Keypoints.Count} keypoints, expected {_kernel.Keypoints}");
        }
        var labels = 0;
        for (var k = 0; k < person.Keypoints.Count; k++)
        {
            var keypoint = person.Keypoints[k];
            if (keypoint.IsLabelled)
            {
                if (!double.IsFinite(keypoint.X) || !double.IsFinite(keypoint.Y))
                {
                    throw Bad(person, $"keypoint {k} is labelled but at ({keypoint.X}, {keypoint.Y})");
                }
                (_x[start + k], _y[start + k], _labelled[start + k]) = (keypoint.X, keypoint.Y, 1);
                labels++;
            }
        }
        return labels;
    }

    private static PoseDataException Bad(CocoPerson person, string problem) =>
        new(CocoEvaluator.TruthName, $"annotation {person.Id} of image {person.ImageId}: {problem}.");
}
