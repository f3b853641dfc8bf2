using Mspn.Core;
using Mspn.Data;

namespace Mspn.Inference;

/// <summary>Where a person's crop lies in an image.</summary>
/// <param name="Image">The image.</param>
/// <param name="ToCrop">From pixels of the image to pixels of the crop.</param>
public readonly record struct PoseCrop(RgbImage Image, AffineTransform ToCrop);
