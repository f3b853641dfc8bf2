namespace Mspn.Core.Tests.Decoding;

/// <summary>Heat maps and part affinity fields as a perfect network would draw them.</summary>
internal sealed class DrawnPeople
{
    private const double PeakSigma = 3;

    private const double LimbHalfWidth = 3;

    private readonly LimbLayout _layout;

    /// <summary>Draws people.</summary>
    /// <param name="layout">The limbs.</param>
    /// <param name="size">Size of the maps.</param>
    /// <param name="people">Each person's keypoints; null where there is none.</param>
    public DrawnPeople(LimbLayout layout, ImageSize size, params (double X, double Y)?[][] people)
    {
        _layout = layout;
        Size = size;
        var area = size.Height * size.Width;
        Heatmaps = new double[(layout.Keypoints.Count + 1) * area];
        Fields = new double[2 * layout.Count * area];
        foreach (var person in people)
        {
            for (var i = 0; i < area; i++)
            {
                Draw(person, i, area);
            }
        }
    }

    public ImageSize Size { get; }

    /// <summary>Including an empty map of the background.</summary>
    public double[] Heatmaps { get; }

    public double[] Fields { get; }

    public IReadOnlyList<PersonPrediction> Find(PartAffinityOptions options) =>
        new PartAffinityAssembler(_layout, options).Assemble<double>(Heatmaps, Fields, Size).ToPredictions();

    private void Draw((double X, double Y)?[] person, int i, int area)
    {
        var (x, y) = (i % Size.Width, i / Size.Width);
        for (var k = 0; k < person.Length; k++)
        {
            if (person[k] is { } p)
            {
                var value = Math.Exp(-((x - p.X) * (x - p.X) + (y - p.Y) * (y - p.Y)) / (2 * PeakSigma * PeakSigma));
                Heatmaps[k * area + i] = Math.Max(Heatmaps[k * area + i], value);
            }
        }
        foreach (var limb in _layout.Limbs)
        {
            if (person[limb.From] is { } a && person[limb.To] is { } b)
            {
                var length = Math.Sqrt((b.X - a.X) * (b.X - a.X) + (b.Y - a.Y) * (b.Y - a.Y));
                var (dx, dy) = ((b.X - a.X) / length, (b.Y - a.Y) / length);
                var along = (x - a.X) * dx + (y - a.Y) * dy;
                if (along >= -1 && along <= length + 1 && Math.Abs((x - a.X) * dy - (y - a.Y) * dx) <= LimbHalfWidth)
                {
                    // Where limbs cross, a sample sees its own and the part of the other that points its way.
                    Fields[2 * limb.Channel * area + i] += dx;
                    Fields[(2 * limb.Channel + 1) * area + i] += dy;
                }
            }
        }
    }
}
