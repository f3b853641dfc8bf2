using Mspn.Core;
using Mspn.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Training;

/// <summary>
/// Several copies of a network that compute side by side: the people of each batch are dealt out among them, as among several devices. Each copy has its
/// own share of torch's threads, so that the many small operations of a pose network need not be divided.
/// </summary>
/// <remarks>A copy computes the same numbers at each run, and gradients are added in the copies' order: results are those of any other run with as many.</remarks>
internal sealed class Replicas : IDisposable
{
    private readonly Differentiation _first;
    private readonly int _threads;
    private readonly List<Replica> _others = [];
    private readonly List<ReplicaThread> _workers = [];

    /// <summary>Copies a network.</summary>
    /// <param name="first">What differentiates the network itself.</param>
    /// <param name="count">Copies, the network itself among them.</param>
    /// <param name="copy">Makes one.</param>
    public Replicas(Differentiation first, int count, Func<Replica> copy)
    {
        _first = first;
        _threads = Math.Max(1, get_num_threads() / count);
        try
        {
            for (var i = 1; i < count; i++)
            {
                _others.Add(copy());
                _workers.Add(new ReplicaThread($"Mspn replica {i}", _threads));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Computes the loss and, if it is finite, adds its gradients to the network's.</summary>
    /// <param name="images">The images, in rows.</param>
    /// <param name="targets">What should be predicted for them.</param>
    /// <param name="weight">What the gradients are multiplied by.</param>
    /// <returns>The mean loss, without the weight.</returns>
    public double Run(Tensor images, PoseTargets targets, double weight)
    {
        using var scope = NewDisposeScope();
        var people = images.shape[0];
        var shares = Enumerable.Range(0, (int)Math.Min(people, _others.Count + 1)).Select(i => Share(images, targets, i)).ToArray();
        var threads = get_num_threads();
        set_num_threads(_threads);
        var losses = new double[shares.Length];
        try
        {
            foreach (var (share, i) in shares.Skip(1).Select((share, i) => (share, i)))
            {
                _workers[i].Start(() => _others[i].Run(share.Images, share.Targets, weight * share.Part));
            }
            try
            {
                losses[0] = _first.Run(shares[0].Images, shares[0].Targets, weight * shares[0].Part);
            }
            finally
            {
                // All are waited for, whatever one throws.
                var ends = shares.Skip(1).Select((_, i) => _workers[i].Wait()).ToArray();
                Array.Find(ends, e => e.Failure is not null).Failure?.Throw();
                ends.Select(e => e.Result).ToArray().CopyTo(losses, 1);
            }
        }
        catch
        {
            Forget();
            throw;
        }
        finally
        {
            set_num_threads(threads);
        }
        var loss = losses.Zip(shares, (l, s) => l * s.Part).Sum();
        if (double.IsFinite(loss))
        {
            _others.ForEach(r => r.MoveGradients());
        }
        else
        {
            Forget();
        }
        return loss;
    }

    public void Dispose()
    {
        _workers.ForEach(w => w.Dispose());
        _others.ForEach(r => r.Dispose());
    }

    private void Forget() => _others.ForEach(r => r.ForgetGradients());

    private (Tensor Images, PoseTargets Targets, double Part) Share(Tensor images, PoseTargets targets, int index)
    {
        var people = images.shape[0];
        var replicas = Math.Min(people, _others.Count + 1);
        var (from, to) = (people * index / replicas, people * (index + 1) / replicas);
        return (Rows(images), targets.Select(Rows), (double)(to - from) / people);

        Tensor Rows(Tensor tensor) => tensor.narrow(0, from, to - from);
    }
}
