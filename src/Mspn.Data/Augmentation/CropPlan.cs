using Mspn.Core;

namespace Mspn.Data;

/// <summary>Where a person's crop is taken from.</summary>
/// <param name="Region">The region, in the coordinates of the (possibly mirrored) image.</param>
/// <param name="Mirrored">Whether the image is mirrored first.</param>
public readonly record struct CropPlan(CropRegion Region, bool Mirrored);
