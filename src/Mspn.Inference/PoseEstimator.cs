using System.Runtime.ExceptionServices;
using Mspn.Core;
using Mspn.Data;

namespace Mspn.Inference;

/// <summary>From an image to poses: crops of person boxes or the whole image, network, decoding, and back to image pixels.</summary>
/// <remarks>Safe to use from several threads at once. Everything it allocates per call is freed before the call returns.</remarks>
public sealed class PoseEstimator : IDisposable
{
    private readonly IPoseBackend _backend;
    private readonly int _batchSize;

    /// <summary>Prepares a model for running: see <see cref="PreparedNetwork"/>.</summary>
    /// <param name="model">The network and its input preparation; disposed with the estimator, but not if none can be made.</param>
    /// <param name="options">Flip test, batch size, precision, decoding.</param>
    /// <remarks>
    /// The estimator computes with a copy of the weights as they are now; make another one after more training. A network with operations of the caller's own
    /// cannot be prepared: it is put into evaluation mode and run as it is.
    /// </remarks>
    /// <exception cref="NotSupportedException">
    /// The network has operations of the caller's own, and <see cref="NumericPrecision.Fast"/> is asked for; the message names the module.
    /// </exception>
    /// <exception cref="ArgumentException">An option is out of range, or the model prepares whole images in a way that does not fit its network.</exception>
    public PoseEstimator(PoseModel model, PoseEstimatorOptions? options = null)
        : this(model, options ?? new PoseEstimatorOptions(), ModelOwnership.Backend)
    {
    }

    /// <summary>Prepares a network that stays the caller's, such as one in training: disposing the estimator frees its copy of the weights alone.</summary>
    /// <param name="network">The network. It must outlive the estimator if it has operations of the caller's own.</param>
    /// <param name="input">How images are prepared for it.</param>
    /// <param name="options">Flip test, batch size, precision, decoding.</param>
    /// <inheritdoc cref="PoseEstimator(PoseModel, PoseEstimatorOptions?)" path="/remarks" />
    /// <inheritdoc cref="PoseEstimator(PoseModel, PoseEstimatorOptions?)" path="/exception" />
    public PoseEstimator(IPoseNetwork network, PoseInput input, PoseEstimatorOptions? options = null)
        : this(ModelOf(network, input), options ?? new PoseEstimatorOptions(), ModelOwnership.Caller)
    {
    }

    /// <summary>Wraps what runs a model in another way.</summary>
    /// <param name="backend">What finds people in crops; disposed with the estimator.</param>
    /// <param name="batchSize">Crops per call of it, at least 1. Default 16.</param>
    /// <exception cref="ArgumentOutOfRangeException">The batch size is below 1.</exception>
    public PoseEstimator(IPoseBackend backend, int batchSize = PoseEstimatorOptions.DefaultBatchSize)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        (_backend, _batchSize) = (backend, batchSize);
    }

    private PoseEstimator(PoseModel model, PoseEstimatorOptions options, ModelOwnership ownership)
        : this(BackendOf(model, options, ownership), options.BatchSize)
    {
    }

    /// <summary>The keypoints it finds.</summary>
    public KeypointSchema Keypoints => _backend.Keypoints;

    /// <summary>Loads a model file written by this library.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Flip test, batch size, precision, decoding.</param>
    /// <exception cref="PoseDataException">The file is missing, damaged or no model file; nothing is ever estimated with random weights.</exception>
    public static PoseEstimator Load(string path, PoseEstimatorOptions? options = null)
    {
        var model = PoseModelFile.Load(path);
        try
        {
            return new PoseEstimator(model, options ?? new PoseEstimatorOptions(), ModelOwnership.NobodyElse);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>The pose of the person in a box.</summary>
    /// <param name="image">The whole image.</param>
    /// <param name="box">The person's box in image pixels.</param>
    /// <exception cref="ArgumentException">The box is empty or outside the image.</exception>
    public Pose Estimate(RgbImage image, Box box) => Estimate(image, [box])[0];

    /// <summary>The pose of a person who fills the image.</summary>
    public Pose Estimate(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Estimate(image, Box.Whole(image.Size));
    }

    /// <summary>
    /// The poses of several people in one image, in the order of their boxes. A bottom-up network gives the surest person in each crop, or a pose of
    /// missing keypoints with a score of 0 where it finds nobody.
    /// </summary>
    /// <param name="image">The whole image.</param>
    /// <param name="boxes">Their boxes in image pixels; may be none.</param>
    /// <param name="cancellation">Ends the work between two batches.</param>
    /// <exception cref="ArgumentException">A box is empty or outside the image.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public IReadOnlyList<Pose> Estimate(RgbImage image, IReadOnlyList<Box> boxes, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(boxes);
        foreach (var box in boxes)
        {
            if (!box.IsValid || !box.Overlaps(image.Size))
            {
                throw new ArgumentException($"The box {box} is empty or outside the {image.Size} image.", nameof(boxes));
            }
        }
        return [.. boxes.Chunk(_batchSize).SelectMany(some => EstimateBatch([.. some.Select(box => (image, box, 1.0))], cancellation))];
    }

    /// <summary>Everybody in an image, the surest first; their boxes are those around the keypoints that were found.</summary>
    /// <param name="image">The image.</param>
    /// <param name="cancellation">Ends the work between two scales.</param>
    /// <returns>Any number of poses from a bottom-up network; one from a top-down network, which takes the image for one person's crop.</returns>
    /// <remarks>
    /// A model with <see cref="PoseInput.WholeImage"/> reads the image at each of its scales and averages the maps in the image's pixels; another
    /// one reads it as a single crop.
    /// </remarks>
    /// <exception cref="ArgumentException">The image is too small or too large for the scales.</exception>
    public IReadOnlyList<Pose> EstimateEverybody(RgbImage image, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        cancellation.ThrowIfCancellationRequested();
        var people = _backend.ReadWhole(image, cancellation) ?? ReadCrops([(image, Box.Whole(image.Size), 1)], cancellation)[0];
        return [.. people.Select(person => Pose.Around(Keypoints, person))];
    }

    /// <summary>The poses of all people of a data set, in order, from their annotated boxes.</summary>
    /// <param name="dataset">The people.</param>
    /// <param name="progress">Told how many are done.</param>
    /// <param name="cancellation">Ends the work between two batches.</param>
    /// <returns>A pose for each person, estimated as they are taken, batch by batch.</returns>
    /// <exception cref="ArgumentException">The data set's keypoints are not the network's.</exception>
    /// <exception cref="PoseDataException">An image is bad, or a box lies outside its image.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public IEnumerable<Pose> Estimate(IPoseDataset dataset, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        Require.SameKeypoints("the data set", dataset.Schema, "the network", Keypoints, nameof(dataset));
        return EstimateAll(dataset, progress, cancellation);
    }

    /// <inheritdoc />
    public void Dispose() => _backend.Dispose();

    // Apart, since an iterator would check its arguments only when somebody takes the first pose.
    private IEnumerable<Pose> EstimateAll(IPoseDataset dataset, IProgress<int>? progress, CancellationToken cancellation)
    {
        for (var start = 0; start < dataset.Count; start += _batchSize)
        {
            var items = new (RgbImage, Box, double)[Math.Min(_batchSize, dataset.Count - start)];
            LoadPeople(dataset, start, items);
            foreach (var pose in EstimateBatch(items, cancellation))
            {
                yield return pose;
            }
            progress?.Report(start + items.Length);
        }
    }

    private static void LoadPeople(IPoseDataset dataset, int start, (RgbImage Image, Box Box, double Score)[] items)
    {
        try
        {
            Parallel.For(0, items.Length, i =>
            {
                var sample = dataset[start + i];
                var image = dataset.LoadImage(start + i);
                sample.CheckBox(image.Size);
                items[i] = (image, sample.Box, sample.BoxScore);
            });
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions.OfType<PoseDataException>().FirstOrDefault() ?? e.InnerExceptions[0]);
        }
    }

    private Pose[] EstimateBatch((RgbImage Image, Box Box, double Score)[] items, CancellationToken cancellation) =>
        [.. ReadCrops(items, cancellation).Zip(items, (people, item) =>
        {
            var surest = people.Count > 0 ? people[0] : new PersonPrediction([.. Enumerable.Repeat(KeypointPrediction.Missing, Keypoints.Count)], 0);
            return new Pose(Keypoints, surest.Keypoints, item.Box, item.Score) { PersonScore = surest.Score };
        })];

    // The people of each item's crop, in image pixels.
    private IReadOnlyList<PersonPrediction>[] ReadCrops((RgbImage Image, Box Box, double Score)[] items, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var size = _backend.CropSize;
        var regions = Array.ConvertAll(items, item => CropSampler.ForEvaluation(item.Box, _backend.Input, size));
        var found = _backend.ReadCrops([.. items.Zip(regions, (item, region) => new PoseCrop(item.Image, AffineTransform.ToCrop(region, size)))], cancellation);
        return [.. found.Zip(regions, (people, region) => people.Select(person => ToImage(person, region, size)).ToArray())];
    }

    private static PoseModel ModelOf(IPoseNetwork network, PoseInput input)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(input);
        return new PoseModel(network, input);
    }

    private static NetworkBackend BackendOf(PoseModel model, PoseEstimatorOptions options, ModelOwnership ownership)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1, nameof(options));
        return new NetworkBackend(model, options, ownership);
    }

    private static PersonPrediction ToImage(PersonPrediction person, CropRegion region, ImageSize crop) => person with
    {
        Keypoints = [.. person.Keypoints.Select(k =>
        {
            var (x, y) = region.ToImage(k.X, k.Y, crop);
            return k.IsFound ? new KeypointPrediction(x, y, k.Score) : KeypointPrediction.Missing;
        })],
    };
}
