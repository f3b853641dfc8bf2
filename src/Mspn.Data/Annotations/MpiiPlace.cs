using Mspn.Core;

namespace Mspn.Data;

/// <summary>Where a record stands, for errors.</summary>
internal readonly record struct MpiiPlace(string Path, int Index)
{
    public PoseDataException Error(string problem) => new(Path, $"annotation {Index} (counted from 0) {problem}.");
}
