using Mspn.Core;
using Mspn.Data;

namespace Mspn.Inference;

/// <summary>Knows where people are beforehand: the same boxes in every image, as before a camera that does not move.</summary>
public sealed class FixedPersonDetector : IPersonDetector
{
    private readonly IReadOnlyList<PersonBox> _people;

    /// <summary>Takes the boxes down.</summary>
    /// <param name="people">The boxes and scores, the surest first.</param>
    public FixedPersonDetector(IReadOnlyList<PersonBox> people)
    {
        ArgumentNullException.ThrowIfNull(people);
        _people = [.. people];
    }

    /// <inheritdoc />
    /// <exception cref="PoseDataException">A box is empty or outside the image.</exception>
    public IReadOnlyList<PersonBox> Detect(RgbImage image, string? imageName = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        foreach (var person in _people)
        {
            if (!person.Box.IsValid || !person.Box.Overlaps(image.Size))
            {
                throw new PoseDataException(imageName ?? "image", $"the box {person.Box} is empty or outside the {image.Size} image.");
            }
        }
        return _people;
    }

    /// <summary>There is nothing to free.</summary>
    public void Dispose()
    {
    }
}
