namespace Mspn.Data;

/// <summary>AP by how much people overlap, as xtcocotools has it for CrowdPose; −1 where there is nobody. xtcocotools rounds these to four digits.</summary>
/// <param name="Easy">Images with a crowd index below 0.2.</param>
/// <param name="Medium">From 0.2 to below 0.8.</param>
/// <param name="Hard">From 0.8.</param>
public sealed record CrowdLevels(double Easy, double Medium, double Hard)
{
    internal const double EasyBelow = 0.2;
    internal const double MediumBelow = 0.8;

    internal static int Of(double crowdIndex) => crowdIndex < EasyBelow ? 0 : crowdIndex < MediumBelow ? 1 : 2;
}
