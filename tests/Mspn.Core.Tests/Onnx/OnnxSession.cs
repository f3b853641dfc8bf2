using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Mspn.Core.Tests;

/// <summary>An ONNX file in ONNX Runtime, on one thread.</summary>
internal sealed class OnnxSession : IDisposable
{
    private readonly InferenceSession _session;

    public OnnxSession(string path)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        _session = new InferenceSession(path, options);
    }

    public InferenceSession Session => _session;

    public IReadOnlyDictionary<string, DenseTensor<float>> Run<T>(string input, T[] values, params int[] shape)
    {
        using var results = _session.Run([NamedOnnxValue.CreateFromTensor(input, new DenseTensor<T>(values, shape))]);
        return results.ToDictionary(r => r.Name, r => r.AsTensor<float>().ToDenseTensor(), StringComparer.Ordinal);
    }

    public void Dispose() => _session.Dispose();
}
