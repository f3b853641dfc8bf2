using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Mspn.Core;

/// <summary>The up-sampling half of a stage: from encoder features to decoder features, level by level, finest first.</summary>
public abstract class StageDecoder(string name) : Module<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>>(name)
{
    /// <summary>Channels of each level's features, finest first.</summary>
    public abstract IReadOnlyList<int> Channels { get; }

    /// <summary>
    /// The encoder level whose resolution the finest decoder features have: 0 (the default) where a decoder comes all the way back up,
    /// larger where it stops earlier, negative where it goes beyond.
    /// </summary>
    public virtual int FinestLevel => 0;

    /// <summary>Both sides of the stage's input must be multiples of this. Default 1: any size.</summary>
    public virtual int SizeMultiple => 1;
}
