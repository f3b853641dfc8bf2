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
        var before = torch.Tensor.TotalCount;
        work();
        torch.Tensor.TotalCount.Should().Be(before, "every tensor has an owner that frees it");
    }
}

/// <summary>A folder that is deleted when the test ends.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("mspn-test-").FullName;

    public string File(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
