using Mspn.Core;

namespace Mspn.Data;

/// <summary>One annotated person in one image.</summary>
public sealed record PoseSample
{
    /// <summary>The annotation's id, unique in its data set.</summary>
    public required long Id { get; init; }

    /// <summary>The image's id.</summary>
    public required long ImageId { get; init; }

    /// <summary>The image's file, or whatever else names it in an error.</summary>
    public required string ImageName { get; init; }

    /// <summary>The person's box in image pixels.</summary>
    public required Box Box { get; init; }

    /// <summary>The keypoints in image pixels, in the schema's order.</summary>
    public required IReadOnlyList<Keypoint> Keypoints { get; init; }

    /// <summary>
    /// The keypoints of other people who belong to this sample, for targets that show everybody (<see cref="WholeImageDataset"/>). Default: nobody.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<Keypoint>> Others { get; init; } = [];

    /// <summary>
    /// Boxes, in image pixels, of people in the same image who are not annotated: crowds, and people without keypoints. What a network finds there is
    /// neither right nor wrong. Default: none.
    /// </summary>
    public IReadOnlyList<Box> Ignored { get; init; } = [];

    /// <summary>Size of the image where it is known without reading the image; null otherwise.</summary>
    public ImageSize? ImageSize { get; init; }

    /// <summary>The person's area in square pixels (COCO: of the mask), 0 if unknown.</summary>
    public double Area { get; init; }

    /// <summary>The head's size in image pixels: 0.6 of the diagonal of its annotated box, as MPII defines it for PCKh; null where it is not known.</summary>
    public double? HeadSize { get; init; }

    /// <summary>Score of the box: 1 for annotations, the detector's for detections.</summary>
    public double BoxScore { get; init; } = 1;

    /// <summary>Makes sure that the box has an area and lies at least partly in the image.</summary>
    /// <exception cref="PoseDataException">It does not; the message names the image and the annotation.</exception>
    public void CheckBox(ImageSize image)
    {
        if (!Box.IsValid || !Box.Overlaps(image))
        {
            throw new PoseDataException(ImageName, $"annotation {Id} has the box {Box}, which is empty or outside the {image} image.");
        }
    }
}
