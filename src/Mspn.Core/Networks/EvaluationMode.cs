using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>Puts a module into evaluation mode until it is disposed, which gives every part its own mode back.</summary>
internal sealed class EvaluationMode : IDisposable
{
    private readonly (nn.Module Part, bool Training)[] _modes;

    public EvaluationMode(nn.Module module)
    {
        _modes = [(module, module.training), .. module.modules().Select(part => (part, part.training))];
        module.eval();
    }

    public void Dispose()
    {
        // train() reaches all submodules: from the outermost inwards, so that one frozen by the caller stays so.
        foreach (var (part, training) in _modes)
        {
            part.train(training);
        }
    }
}
