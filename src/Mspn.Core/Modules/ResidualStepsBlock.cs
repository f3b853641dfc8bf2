using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>
/// The residual-steps block of RSN (Cai et al. 2020, arXiv:2003.04030, figure 3): the channels are split into branches; branch i goes through
/// i 3×3 convolutions, each of which also takes what the branch before it had at that step. Delicate local features come from these many
/// receptive fields of nearly one size.
/// </summary>
public sealed class ResidualStepsBlock : ResidualBlock
{
    private readonly int _branchChannels;
    private readonly ConvBnRelu conv1;
    private readonly ModuleList<ModuleList<ConvBnRelu>> steps;
    private readonly ConvBnRelu conv3;

    /// <summary>Creates the block.</summary>
    /// <param name="inChannels">Input channels.</param>
    /// <param name="outChannels">Output channels.</param>
    /// <param name="branchChannels">Channels of each branch; the published networks have 26 for every 64 input channels.</param>
    /// <param name="stride">Stride, on the first 1×1 convolution. Default 1.</param>
    /// <param name="branches">Number of branches. Default 4.</param>
    /// <param name="bias">Whether convolutions have biases. Default true.</param>
    public ResidualStepsBlock(int inChannels, int outChannels, int branchChannels, int stride = 1, int branches = 4, bool bias = true)
        : base(nameof(ResidualStepsBlock), inChannels, outChannels, stride, bias)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(branchChannels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(branches, 2);
        _branchChannels = branchChannels;
        conv1 = new ConvBnRelu(inChannels, branches * branchChannels, 1, stride, bias: bias);
        steps = new ModuleList<ModuleList<ConvBnRelu>>(
            [.. Enumerable.Range(1, branches).Select(count => new ModuleList<ConvBnRelu>(
                [.. Enumerable.Range(0, count).Select(_ => new ConvBnRelu(branchChannels, branchChannels, 3, bias: bias))]))]);
        conv3 = new ConvBnRelu(branches * branchChannels, outChannels, 1, relu: false, bias: bias);
        RegisterComponents();
    }

    /// <inheritdoc />
    protected override Tensor Residual(Tensor input)
    {
        var x = conv1.call(input);
        var ends = new Tensor[steps.Count];
        Tensor[] above = [];
        for (var branch = 0; branch < ends.Length; branch++)
        {
            var row = new Tensor[branch + 1];
            var current = x.Channels(branch * _branchChannels, _branchChannels);
            for (var step = 0; step <= branch; step++)
            {
                row[step] = current = steps[branch][step].call(step < above.Length ? current.Plus(above[step]) : current);
            }
            ends[branch] = current;
            above = row;
        }
        return conv3.call(Primitives.Concatenate(ends));
    }
}
