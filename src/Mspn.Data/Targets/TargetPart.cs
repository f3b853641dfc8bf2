using Mspn.Core;

namespace Mspn.Data;

/// <summary>A part of a target beside the heat maps.</summary>
/// <param name="Name">Its name in <see cref="PoseTargets.Extras"/>.</param>
/// <param name="Channels">Its maps.</param>
public sealed record TargetPart(string Name, int Channels);
