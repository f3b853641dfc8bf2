using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>
/// Memory for time (Chen et al. 2016, "Training deep nets with sublinear memory cost"; <c>efficient</c> in the official MSPN code): while one is open
/// on a thread, segments of a network keep nothing but their inputs and outputs on the way forward, and are computed once more on the way back.
/// </summary>
/// <remarks>
/// The graph is cut at each segment: its output is a leaf, at which the way back stops until the segment has been computed again. Custom autograd
/// functions would do the same, but an exception on the way back would then cross native code and end the process. Results are those of the plain
/// way; sums of three or more gradients may be rounded differently. Segments must not draw random numbers.
/// </remarks>
internal sealed class Recomputation : IDisposable
{
    [ThreadStatic]
    private static Recomputation? t_open;

    [ThreadStatic]
    private static bool t_again;

    private readonly Stack<Segment> _segments = new();
    private readonly Dictionary<Parameter, int> _uses = new(ReferenceEqualityComparer.Instance);
    private bool _inside;

    /// <summary>Opens one on the current thread until it is disposed.</summary>
    /// <exception cref="InvalidOperationException">One is open already.</exception>
    public Recomputation()
    {
        t_open = t_open is null ? this : throw new InvalidOperationException("Recomputations cannot be nested.");
    }

    /// <summary>Whether a segment is being computed once more, so that what counts its runs must not count this one.</summary>
    public static bool IsAgain => t_again;

    /// <summary>Computes a segment; within another one, or when none is open, as if it were none.</summary>
    /// <param name="owners">The modules whose parameters it uses, all of them.</param>
    /// <param name="compute">A function of the inputs and of parameters that leaves both as they are.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <returns>The result, which must not be overwritten; it belongs to the caller's dispose scope.</returns>
    public static Tensor Run(IEnumerable<nn.Module> owners, Func<Tensor[], Tensor> compute, params Tensor[] inputs) =>
        t_open is { _inside: false } open && is_grad_enabled() ? open.Keep(owners, compute, inputs) : compute(inputs);

    /// <summary>The way back from a loss, through all segments since this was opened.</summary>
    /// <param name="loss">A scalar.</param>
    /// <param name="completed">
    /// Told about parameters as soon as nothing adds to their gradients any more, and nothing reads them: those of segments. Default null.
    /// </param>
    public void Backward(Tensor loss, Action<IReadOnlyList<Parameter>>? completed = null)
    {
        // The parts between segments may be passed more than once: by a tensor that two segments read.
        loss.backward(retain_graph: true);
        while (_segments.TryPop(out var segment))
        {
            using (segment)
            {
                Backward(segment);
            }
            Parameter[] last = [.. segment.Parameters.Where(p => --_uses[p] == 0)];
            completed?.Invoke(last);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        t_open = null;
        while (_segments.TryPop(out var segment))
        {
            segment.Dispose();
        }
    }

    private Tensor Keep(IEnumerable<nn.Module> owners, Func<Tensor[], Tensor> compute, Tensor[] inputs)
    {
        Parameter[] parameters = [.. owners.SelectMany(owner => owner.parameters()).Where(p => p.requires_grad)];
        _inside = true;
        try
        {
            using var scope = NewDisposeScope();
            Tensor output;
            using (no_grad())
            {
                output = compute(inputs).detach();
            }
            if (parameters.Length == 0 && !inputs.Any(input => input.requires_grad))
            {
                return output.MoveToOuterDisposeScope(); // nothing is differentiated, so there is no way back
            }
            output.requires_grad_(true);
            foreach (var parameter in parameters)
            {
                _uses[parameter] = _uses.GetValueOrDefault(parameter) + 1;
            }
            _segments.Push(new Segment(
                compute, [.. inputs.Select(input => input.alias().DetachFromDisposeScope())], output.DetachFromDisposeScope(), parameters));
            return output.alias().MoveToOuterDisposeScope();
        }
        finally
        {
            _inside = false;
        }
    }

    private void Backward(Segment segment)
    {
        using var scope = NewDisposeScope();
        if (segment.Output.grad is not { } gradient)
        {
            return; // nothing of the loss depends on it
        }
        segment.Output.grad = null;
        var inputs = segment.Inputs.Select(input => input.detach().requires_grad_(input.requires_grad)).ToArray();
        _inside = t_again = true;
        try
        {
            segment.Compute(inputs).backward([gradient]);
        }
        finally
        {
            _inside = t_again = false;
        }
        foreach (var (input, copy) in segment.Inputs.Zip(inputs))
        {
            if (copy.grad is { } onwards)
            {
                input.backward([onwards], retain_graph: true);
            }
        }
    }

    private sealed record Segment(Func<Tensor[], Tensor> Compute, Tensor[] Inputs, Tensor Output, Parameter[] Parameters) : IDisposable
    {
        public void Dispose()
        {
            Output.Dispose();
            foreach (var input in Inputs)
            {
                input.Dispose();
            }
        }
    }
}
