using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>Makes convolutions and gives them their first values, unless a file's weights follow at once.</summary>
/// <remarks>
/// Drawing the random values of a network of 100 million weights takes several times as long as reading them from a file. TorchSharp's methods of initialisation
/// give a second handle to the tensor that they fill, which layers forget: without scopes of ours, the memory of all weights would outlive the network until the
/// garbage collector comes by, which knows nothing of its size.
/// </remarks>
internal static class Layers
{
    [ThreadStatic]
    private static bool t_valuesFollow;

    private static Device? Place => t_valuesFollow ? META : null;

    /// <summary>Builds a network whose convolutions have memory of undefined content. The caller overwrites all of its weights.</summary>
    public static T WithoutValues<T>(Func<T> build)
    {
        var before = t_valuesFollow;
        t_valuesFollow = true;
        try
        {
            return build();
        }
        finally
        {
            t_valuesFollow = before;
        }
    }

    /// <summary>A convolution that keeps the size at stride 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are no channels, or the kernel is even, with which no padding keeps the size.</exception>
    public static Conv2d Convolution(int inChannels, int outChannels, int kernel, int stride = 1, int groups = 1, bool bias = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inChannels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outChannels, 1);
        if (kernel < 1 || kernel % 2 == 0)
        {
            throw new ArgumentOutOfRangeException(nameof(kernel), kernel, "A kernel that keeps the size is odd.");
        }
        return Made(() => nn.Conv2d(inChannels, outChannels, kernel, stride, kernel / 2, groups: groups, bias: bias, device: Place));
    }

    /// <summary>A transposed convolution.</summary>
    public static ConvTranspose2d TransposedConvolution(
        int inChannels, int outChannels, int kernel, int stride, int padding, int outputPadding, bool bias) =>
        Made(() => nn.ConvTranspose2d(
            inChannels, outChannels, kernel, stride: stride, padding: padding, output_padding: outputPadding, bias: bias, device: Place));

    /// <summary>He-normal values by fan-out (He et al. 2015).</summary>
    public static void FillHeNormal(Tensor weight) =>
        Fill(() => nn.init.kaiming_normal_(weight, mode: nn.init.FanInOut.FanOut, nonlinearity: nn.init.NonlinearityType.ReLU));

    /// <summary>Normal values around 0.</summary>
    public static void FillNormal(Tensor weight, double deviation) => Fill(() => nn.init.normal_(weight, 0, deviation));

    /// <summary>Zeros.</summary>
    public static void FillZeros(Tensor? bias)
    {
        if (bias is not null)
        {
            Fill(() => nn.init.zeros_(bias));
        }
    }

    private static void Fill(Func<Tensor> fill)
    {
        if (!t_valuesFollow)
        {
            using var scope = NewDisposeScope();
            fill();
        }
    }

    private static T Made<T>(Func<T> make)
        where T : TorchSharp.Modules.Convolution
    {
        using var scope = NewDisposeScope();
        var layer = make();
        GiveMemory(layer);
        layer.weight?.DetachFromDisposeScope();
        layer.bias?.DetachFromDisposeScope();
        return layer;
    }

    private static void GiveMemory(TorchSharp.Modules.Convolution layer)
    {
        if (t_valuesFollow)
        {
            using var weight = layer.weight;
            using var vector = layer.bias;
            layer.weight = WithMemory(weight);
            layer.bias = vector is null ? null : WithMemory(vector);
        }
    }

    private static Parameter WithMemory(Parameter shape) => new(empty(shape.shape));
}
