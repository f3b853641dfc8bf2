using System.Text.Json.Serialization;
using Mspn.Core;

namespace Mspn.Data;

/// <summary>How training crops vary: <see cref="CropAugmentation"/>, <see cref="MmposeCropAugmentation"/> or one of your own.</summary>
/// <remarks>
/// Implementations have no changing state and are shared between threads; whatever is random comes from the source they are given. Training
/// recipes hold the library's own; the names in the attributes are those in their files.
/// </remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(CropAugmentation), "official")]
[JsonDerivedType(typeof(MmposeCropAugmentation), "mmpose")]
public interface ICropAugmentation
{
    /// <summary>Checks the values.</summary>
    /// <returns>This augmentation.</returns>
    /// <exception cref="ArgumentException">One is out of range; the message names it.</exception>
    ICropAugmentation Validated();

    /// <summary>Chooses a region for a person.</summary>
    /// <param name="sample">The person.</param>
    /// <param name="image">Size of the image.</param>
    /// <param name="schema">The keypoints.</param>
    /// <param name="crop">Size of the crop.</param>
    /// <param name="random">Where the numbers come from.</param>
    CropPlan Plan(PoseSample sample, ImageSize image, KeypointSchema schema, ImageSize crop, IRandomSource random);

    /// <summary>Decides what becomes of a labelled keypoint that was moved into the crop: one that is outside gets a visibility of 0.</summary>
    /// <param name="keypoint">The keypoint in crop pixels.</param>
    /// <param name="crop">Size of the crop.</param>
    /// <param name="map">Size of the target maps.</param>
    Keypoint Place(Keypoint keypoint, ImageSize crop, ImageSize map);
}
