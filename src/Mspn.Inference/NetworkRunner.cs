using Mspn.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Inference;

/// <summary>Runs a model's network on prepared pixels. Safe to use from several threads at once.</summary>
internal sealed class NetworkRunner
{
    private readonly IPosePredictor _network;
    private readonly Device _device;
    private readonly bool _flipTest;
    private readonly bool _shift;

    /// <summary>Puts a network that is not prepared into evaluation mode.</summary>
    public NetworkRunner(IPosePredictor network, IPoseDecoder decoder, bool flipTest)
    {
        (_network, _flipTest, _shift, _device) = (network, flipTest, decoder.ShiftsMirroredMaps, CPU);
        if (network is IPoseNetwork { Module: var module })
        {
            module.eval();
            _device = module.parameters().FirstOrDefault()?.device ?? CPU;
        }
    }

    /// <summary>Predicts, and hands the prediction to <paramref name="read"/> before everything is freed.</summary>
    /// <param name="pixels"><c>[count, 3, H, W]</c>.</param>
    /// <param name="count">Number of images.</param>
    /// <param name="size">H and W.</param>
    /// <param name="read">Takes from the prediction what is needed of it; without gradients, in a dispose scope.</param>
    public T Run<T>(float[] pixels, int count, ImageSize size, Func<PoseOutput, T> read)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var images = tensor(pixels, [count, 3, size.Height, size.Width]);
        images = images.to(_device);
        return read(_flipTest ? HeatmapFlip.PredictBothWays(_network, images, _shift) : _network.PredictFinal(images));
    }
}
