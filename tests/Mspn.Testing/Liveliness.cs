using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Testing;

/// <summary>Gives a network with fresh weights what only training would give it, so that nothing about it is trivial.</summary>
public static class Liveliness
{
    /// <summary>Normalisation statistics, scales and shifts that differ from channel to channel; convolutions that keep the size of their input's values.</summary>
    /// <param name="network">The network; its random weights are replaced by others that depend on the seed alone.</param>
    /// <param name="seed">Where random numbers begin.</param>
    public static void Give(nn.Module network, long seed = 1)
    {
        using var noGradients = no_grad();
        manual_seed(seed);
        foreach (var (name, tensor) in network.state_dict().OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            using var scope = NewDisposeScope();
            if (name.EndsWith("running_var", StringComparison.Ordinal))
            {
                tensor.uniform_(0.5, 2);
            }
            else if (tensor.dim() > 1)
            {
                tensor.normal_(0, Math.Sqrt(2.0 * tensor.shape[0] / tensor.numel()));
            }
            else if (name.EndsWith(".weight", StringComparison.Ordinal))
            {
                tensor.uniform_(0.5, 1.5);
            }
            else if (tensor.is_floating_point())
            {
                tensor.normal_(0, 0.2);
            }
        }
    }
}
