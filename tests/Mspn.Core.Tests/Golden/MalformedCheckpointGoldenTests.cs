using TorchSharp;

namespace Mspn.Core.Tests.Golden;

[Trait("Category", "Golden")]
[Trait("Area", "ckpt")]
public class MalformedCheckpointGoldenTests
{
    private const string Folder = "ckpt/malformed/";

    // What the files would leave behind if they were run.
    private const string Trace = "pwned_by_pickle.file";

    public static IEnumerable<object?[]> Files
    {
        get
        {
            var found = Goldens.Find("ckpt", "README", ".json").SelectMany(g => g.Json.EnumerateObject().Select(p => new object?[] { Folder + p.Name })).ToArray();
            return found.Length == 0 ? [[null]] : found;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void A_malformed_file_is_an_error_that_names_it(string? file)
    {
        Skip.If(file is null, $"{Goldens.Folder} has no malformed checkpoints.");
        var path = Path.Combine(Goldens.Folder, file);
        var open = () => WeightFile.Open(path).Dispose();
        open.Should().ThrowExactly<PoseDataException>().WithMessage($"{path}: *").Which.SourceName.Should().Be(path);

        var (tensors, bytes) = (torch.Tensor.TotalCount, GC.GetAllocatedBytesForCurrentThread());
        open.Should().Throw<PoseDataException>();
        torch.Tensor.TotalCount.Should().BeLessThanOrEqualTo(tensors);
        (GC.GetAllocatedBytesForCurrentThread() - bytes).Should().BeLessThan(1_000_000);
        File.Exists(Trace).Should().BeFalse("nothing in a checkpoint is run");
        File.OpenRead(path).Dispose();
    }
}
