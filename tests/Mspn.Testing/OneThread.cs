using TorchSharp;

namespace Mspn.Testing;

/// <summary>One torch thread while it lives: networks this small take several times as long on two that wait for each other.</summary>
public sealed class OneThread : IDisposable
{
    private readonly int _before = torch.get_num_threads();

    public OneThread() => torch.set_num_threads(1);

    public void Dispose() => torch.set_num_threads(_before);
}
