using Mspn.Core;

namespace Mspn.Data;

/// <summary>One image of a COCO file.</summary>
/// <param name="Id">The image's id, unique in its file.</param>
/// <param name="FileName">Its file, relative to the folder of images; null where the file does not say.</param>
/// <param name="Size">Its size; null where the file does not say.</param>
/// <param name="CrowdIndex">How much people overlap in it, from 0 to 1 (CrowdPose's <c>crowdIndex</c>); null in other files.</param>
public sealed record CocoImageInfo(long Id, string? FileName, ImageSize? Size, double? CrowdIndex = null);
