using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>Some of a file's tensors under other names. The file stays its owner's.</summary>
internal sealed class RenamedWeights : WeightFile
{
    private readonly WeightFile _file;

    /// <summary>Chooses tensors.</summary>
    /// <param name="file">The file.</param>
    /// <param name="names">The new name and the file's name of each.</param>
    public RenamedWeights(WeightFile file, IEnumerable<(string Name, string Stored)> names)
        : base(file.Path)
    {
        _file = file;
        foreach (var (name, stored) in names)
        {
            Add(name, file.Find(stored));
        }
    }

    /// <inheritdoc />
    public override void Dispose()
    {
    }

    internal override void Fill(WeightEntry entry, Tensor target) => _file.Fill(entry, target);
}
