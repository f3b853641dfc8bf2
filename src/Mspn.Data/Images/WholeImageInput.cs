using Mspn.Core;

namespace Mspn.Data;

/// <summary>A whole image at one scale, ready for a network.</summary>
/// <param name="Frame">How the image lies in the input, and the way back for the network's maps.</param>
/// <param name="Pixels">The input, <c>[3, Frame.Padded.Height, Frame.Padded.Width]</c>, normalised, in the network's channel order.</param>
public sealed record WholeImageInput(ImageFrame Frame, float[] Pixels);
