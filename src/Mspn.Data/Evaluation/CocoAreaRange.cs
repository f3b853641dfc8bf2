namespace Mspn.Data;

/// <summary>A range of areas for which numbers are given separately; both ends belong to it.</summary>
/// <param name="Name">Its name, such as <c>medium</c>.</param>
/// <param name="Least">Smallest area, square pixels.</param>
/// <param name="Most">Largest area, square pixels.</param>
public readonly record struct CocoAreaRange(string Name, double Least, double Most)
{
    /// <summary>Everybody: 0 to 10^10, whose numbers are AP and AR.</summary>
    public static CocoAreaRange All { get; } = new("all", 0, 1e10);

    /// <summary>32² to 96², whose numbers are AP_M and AR_M.</summary>
    public static CocoAreaRange Medium { get; } = new("medium", 32 * 32, 96 * 96);

    /// <summary>96² to 10^10, whose numbers are AP_L and AR_L.</summary>
    public static CocoAreaRange Large { get; } = new("large", 96 * 96, 1e10);

    internal bool Contains(double area) => area >= Least && area <= Most;
}
