using Mspn.Core;

namespace Mspn.Data;

/// <summary>Draws what a network should predict for a crop. Implementations have no changing state and are shared between threads.</summary>
public interface IPoseTarget
{
    /// <summary>Number of heat-map sets, L.</summary>
    int Levels { get; }

    /// <summary>What it draws beside heat maps, for keypoints of a schema. Default: nothing.</summary>
    IReadOnlyList<TargetPart> Parts(KeypointSchema schema) => [];

    /// <summary>Draws a crop's targets.</summary>
    /// <param name="scene">Who is in the crop, and where.</param>
    /// <param name="buffer">
    /// Receives everything. Its heat maps and parts hold any numbers at first and must be written completely; its visibilities are those of
    /// the crop's own person and may be changed.
    /// </param>
    void Encode(TargetScene scene, PoseTargetBuffer buffer);
}
