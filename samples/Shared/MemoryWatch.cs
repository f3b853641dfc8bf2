using System.Diagnostics;
using System.Globalization;
using TorchSharp;

namespace Mspn.Samples;

/// <summary>Takes down a long run's memory, and says in the end whether it stayed flat.</summary>
/// <param name="what">What is counted, such as "steps".</param>
public sealed class MemoryWatch(string what)
{
    private const double Megabyte = 1 << 20;
    private const double FlatShare = 0.01;

    private readonly Process _process = Process.GetCurrentProcess();
    private readonly List<(double Done, double Resident, long FewestTensors)> _samples = [];
    private (long Fewest, long Most) _tensors = (long.MaxValue, 0);

    /// <summary>Counts the tensors that are alive now.</summary>
    public void CountTensors()
    {
        var now = torch.Tensor.TotalCount;
        _tensors = (Math.Min(_tensors.Fewest, now), Math.Max(_tensors.Most, now));
    }

    /// <summary>Takes the memory down.</summary>
    /// <param name="done">How much is done.</param>
    /// <returns>Resident memory and managed heap in MB, and the fewest and most tensors since the last time, as a table's cells.</returns>
    public string Sample(double done)
    {
        CountTensors();
        _process.Refresh();
        var resident = _process.WorkingSet64 / Megabyte;
        var cells = string.Create(
            CultureInfo.InvariantCulture, $"{resident:0.0} | {GC.GetGCMemoryInfo(GCKind.Any).HeapSizeBytes / Megabyte:0.0} | {_tensors.Fewest} to {_tensors.Most}");
        _samples.Add((done, resident, _tensors.Fewest));
        _tensors = (long.MaxValue, 0);
        return cells;
    }

    /// <summary>Fits a line through resident memory over the second half of the run.</summary>
    public string Conclusion()
    {
        var half = _samples.Skip(_samples.Count / 2).ToArray();
        if (half.Length < 3)
        {
            return "Too short a run to tell whether memory is flat.";
        }
        var (done, resident) = (half.Average(s => s.Done), half.Average(s => s.Resident));
        var slope = half.Sum(s => (s.Done - done) * (s.Resident - resident)) / half.Sum(s => (s.Done - done) * (s.Done - done));
        var growth = slope * (half[^1].Done - half[0].Done);
        // How many there are at most depends on what happens at the same time.
        var tensors = half[(half.Length / 2)..].Min(s => s.FewestTensors) - half[..(half.Length / 2)].Min(s => s.FewestTensors);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Second half: resident memory {resident:0.0} MB, slope {slope * 1000:+0.000;-0.000} MB per 1000 {what} ({growth:+0.00;-0.00} MB over it), "
            + $"live tensors {tensors:+0;-0;±0}: {(growth < FlatShare * resident && tensors <= 0 ? "flat" : "NOT flat")} (less than {FlatShare:P0} and no more tensors).");
    }
}
