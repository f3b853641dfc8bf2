namespace Mspn.Core;

/// <summary>The ways of reading one person's heat maps.</summary>
public enum HeatmapDecoding
{
    /// <summary><see cref="OfficialHeatmapDecoder"/>: MSPN, RSN and CPN.</summary>
    Official,

    /// <summary><see cref="MmposeHeatmapDecoder"/>: mmpose's versions of those.</summary>
    Mmpose,

    /// <summary><see cref="SimpleBaselineHeatmapDecoder"/>: SimpleBaseline, HRNet and hourglasses.</summary>
    SimpleBaseline,

    /// <summary><see cref="MsraHeatmapDecoder"/>: mmpose's version of that.</summary>
    Msra,

    /// <summary><see cref="DarkHeatmapDecoder"/>.</summary>
    Dark,
}
