using Mspn.Core;

namespace Mspn.Training.Tests.Golden;

/// <summary>
/// Checkpoints that PyTorch wrote. Their networks are cut short, so that none of them can be gone on with; what is said of their optimisers must be right.
/// </summary>
[Trait("Category", "Golden")]
[Trait("Area", "ckpt")]
public class AdamImportGoldenTests
{
    private static readonly string[] Buffers = ["running_mean", "running_var", "num_batches_tracked"];

    public static IEnumerable<object?[]> Files => Goldens.Rows(Goldens.Find("ckpt", "", ".pth").Where(g => g.Entry.TryGetProperty("expected", out _)));

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void An_optimiser_is_told_from_none_and_its_parameters_are_counted(string? file)
    {
        var golden = Goldens.Case(file);
        var tensors = Goldens.ReadJson(golden.Beside(golden.Entry.Text("expected"))).GetProperty("tensors").EnumerateObject().Select(p => p.Name).ToArray();
        using var network = TinyNetworks.Mspn();
        using var checkpoint = PytorchFile.Open(golden.FullPath);
        var layout = CheckpointLayout.Of(checkpoint);
        var report = AdamImport.Check(network, checkpoint, PyramidKeys.Mmpose(TinyNetworks.Options));
        var moved = tensors.Count(n => n.StartsWith("optimizer/state/") && n.EndsWith("/exp_avg"));
        var parameters = layout.Weights.Names.Count(n => !Buffers.Contains(n.Split('.')[^1]));
        string[] expected = !layout.HasOptimizer ? ["it has no optimiser's state"]
            : moved != parameters ? [$"its optimiser has {moved} parameters, its state dict {parameters}"]
            : [];
        report.Problems.Where(p => !p.StartsWith("its weights")).Should().Equal(expected);
    }
}
