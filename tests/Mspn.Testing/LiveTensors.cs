using FluentAssertions;
using TorchSharp;

namespace Mspn.Testing;

/// <summary>Asserts that work frees the tensors it makes.</summary>
public static class LiveTensors
{
    /// <summary>Runs the work once to warm up and once more, and compares the number of live tensors around the second run.</summary>
    public static void ShouldNotGrowDuring(Action work)
    {
        work();
        var before = Count();
        work();
        torch.Tensor.TotalCount.Should().Be(before, "every tensor has an owner that frees it");
    }

    /// <summary>The number of live tensors, without those that earlier tests left to the garbage collector.</summary>
    public static long Count()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return torch.Tensor.TotalCount;
    }
}
