using System.Runtime.ExceptionServices;
using TorchSharp;

namespace Mspn.Training;

/// <summary>A thread that computes on a fixed number of torch's threads, whenever it is given something.</summary>
/// <remarks>One thread for all steps: what native libraries prepare for a thread is kept.</remarks>
internal sealed class ReplicaThread : IDisposable
{
    private readonly SemaphoreSlim _given = new(0);
    private readonly SemaphoreSlim _done = new(0);
    private readonly Thread _thread;
    private Func<double>? _work;
    private double _result;
    private ExceptionDispatchInfo? _failure;

    public ReplicaThread(string name, int threads)
    {
        _thread = new Thread(() => Run(threads)) { Name = name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>Starts a computation; every start is followed by one <see cref="Wait"/>.</summary>
    public void Start(Func<double> work)
    {
        _work = work;
        _given.Release();
    }

    /// <summary>Waits for the computation's end.</summary>
    /// <returns>Its result, or its exception, which is thrown by the second.</returns>
    public (double Result, ExceptionDispatchInfo? Failure) Wait()
    {
        _done.Wait();
        return (_result, _failure);
    }

    public void Dispose()
    {
        _work = null;
        _given.Release();
        _thread.Join();
        _given.Dispose();
        _done.Dispose();
    }

    private void Run(int threads)
    {
        torch.set_num_threads(threads); // of this thread: OpenMP counts for each
        while (true)
        {
            _given.Wait();
            if (_work is not { } work)
            {
                return;
            }
            try
            {
                (_result, _failure) = (work(), null);
            }
            catch (Exception e)
            {
                (_result, _failure) = (double.NaN, ExceptionDispatchInfo.Capture(e));
            }
            _done.Release();
        }
    }
}
