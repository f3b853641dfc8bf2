using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Mspn.Training;

/// <summary>A parameter that is trained.</summary>
/// <param name="name">Its name in the network.</param>
/// <param name="value">The network's own, which is moved in place.</param>
/// <param name="factor">Factor on its learning rate.</param>
internal sealed class TrainedParameter(string name, Parameter value, double factor)
{
    public string Name => name;

    public Parameter Value => value;

    public double Factor => factor;

    /// <summary>All of a network's, in its order; those without gradient are left out.</summary>
    /// <param name="network">The network.</param>
    /// <param name="factor">Factor on the learning rate by name.</param>
    public static TrainedParameter[] Of(nn.Module network, Func<string, double> factor)
    {
        TrainedParameter[] parameters =
            [.. network.named_parameters().Where(p => p.parameter.requires_grad).Select(p => new TrainedParameter(p.name, p.parameter, factor(p.name)))];
        return parameters.Length > 0 ? parameters : throw new ArgumentException("The network has no trainable parameters.", nameof(network));
    }

    public void ForgetGradient() => Value.grad = null;
}
