using Mspn.Core;
using Mspn.Data;

namespace Mspn.Inference;

/// <summary>Takes every image for one person, with a score of 1: for photos that were cut out already.</summary>
public sealed class WholeImageDetector : IPersonDetector
{
    /// <inheritdoc />
    public IReadOnlyList<PersonBox> Detect(RgbImage image, string? imageName = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        return [new PersonBox(Box.Whole(image.Size), 1)];
    }

    /// <summary>There is nothing to free.</summary>
    public void Dispose()
    {
    }
}
