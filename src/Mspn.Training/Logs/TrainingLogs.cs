using Microsoft.Extensions.Logging;

namespace Mspn.Training;

/// <summary>A run's logs. One that throws is left out from then on, since a curve is not worth a run.</summary>
internal sealed class TrainingLogs(IEnumerable<ITrainingLog> logs, ILogger logger) : IDisposable
{
    private readonly List<ITrainingLog> _logs = [.. logs];

    public void Begin(int step, bool resumed) => Each(log => log.Begin(step, resumed));

    public void Step(TrainingProgress progress) => Each(log => log.Step(progress));

    public void Validated(TrainingProgress progress, IReadOnlyDictionary<string, double> scores) => Each(log => log.Validated(progress, scores));

    public void Dispose()
    {
        Each(log => log.End());
        _logs.Clear();
    }

    private void Each(Action<ITrainingLog> tell)
    {
        for (var i = 0; i < _logs.Count;)
        {
            var log = _logs[i];
            if (Failure(() => tell(log)) is { } failure)
            {
                logger.LogWarning(failure, "{Log} failed and is left out from now on; training goes on. {Problem}", log.GetType().Name, failure.Message);
                _ = Failure(log.End); // closes what it holds open; a second failure would say nothing new
                _logs.RemoveAt(i);
                continue;
            }
            i++;
        }
    }

    private static Exception? Failure(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }
}
