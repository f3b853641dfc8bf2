namespace Mspn.Training.Tests;

/// <summary>Progress on the thread that reports it.</summary>
internal sealed class Reports(Action<TrainingProgress>? action = null) : IProgress<TrainingProgress>
{
    public List<TrainingProgress> All { get; } = [];

    public void Report(TrainingProgress value)
    {
        All.Add(value);
        action?.Invoke(value);
    }
}
