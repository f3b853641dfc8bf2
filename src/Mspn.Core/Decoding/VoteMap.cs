namespace Mspn.Core;

/// <summary>Votes of cells for one keypoint's position, and their sum on every cell.</summary>
internal sealed class VoteMap(ImageSize size)
{
    private readonly double[] _sums = new double[size.Height * size.Width];
    private readonly List<(double X, double Y, double Weight)> _votes = new(size.Height * size.Width);

    /// <summary>Replaces the votes.</summary>
    /// <param name="logits">Of each cell, how sure it is.</param>
    /// <param name="right">Of each cell, how many columns to the right of it the keypoint is.</param>
    /// <param name="down">Likewise rows.</param>
    public void Count(ReadOnlySpan<double> logits, ReadOnlySpan<double> right, ReadOnlySpan<double> down)
    {
        Array.Clear(_sums);
        _votes.Clear();
        for (var i = 0; i < logits.Length; i++)
        {
            var (x, y, weight) = (i % size.Width + right[i], i / size.Width + down[i], 1 / (1 + Math.Exp(-logits[i])));
            // Votes beyond the map, and those that are not numbers, reach no cell.
            if (x > -1 && x < size.Width && y > -1 && y < size.Height && weight > 0)
            {
                _votes.Add((x, y, weight));
                Spread(x, y, weight);
            }
        }
    }

    /// <summary>Where most votes fall, to a fraction of a cell, and their bilinear sum there.</summary>
    public (double X, double Y, double Sum) Winner()
    {
        var best = MapSearch.ArgMax(_sums);
        var (cellX, cellY) = (best % size.Width, best / size.Width);
        var (x, y, total) = (0.0, 0.0, 0.0);
        foreach (var vote in _votes)
        {
            if (Math.Abs(vote.X - cellX) < 1 && Math.Abs(vote.Y - cellY) < 1)
            {
                x += vote.Weight * vote.X;
                y += vote.Weight * vote.Y;
                total += vote.Weight;
            }
        }
        if (total == 0)
        {
            return (cellX, cellY, 0);
        }
        (x, y) = (x / total, y / total);
        return (x, y, _votes.Sum(vote => vote.Weight * Math.Max(0, 1 - Math.Abs(vote.X - x)) * Math.Max(0, 1 - Math.Abs(vote.Y - y))));
    }

    private void Spread(double x, double y, double weight)
    {
        var (left, top) = ((int)Math.Floor(x), (int)Math.Floor(y));
        var (fractionX, fractionY) = (x - left, y - top);
        Add(left, top, weight * (1 - fractionX) * (1 - fractionY));
        Add(left + 1, top, weight * fractionX * (1 - fractionY));
        Add(left, top + 1, weight * (1 - fractionX) * fractionY);
        Add(left + 1, top + 1, weight * fractionX * fractionY);
    }

    private void Add(int column, int row, double weight)
    {
        if (column >= 0 && column < size.Width && row >= 0 && row < size.Height)
        {
            _sums[row * size.Width + column] += weight;
        }
    }
}
