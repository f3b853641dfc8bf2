using Mspn.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Testing;

/// <summary>Tensors of a golden file as .NET arrays.</summary>
public sealed class GoldenTensors(string path)
{
    public bool Contains(string name)
    {
        using var file = SafeTensorsFile.Open(path);
        return file.Contains(name);
    }

    public long[] Shape(string name)
    {
        using var file = SafeTensorsFile.Open(path);
        return [.. file.Shape(name)];
    }

    public double[] Doubles(string name)
    {
        using var scope = NewDisposeScope();
        return Read(name).Doubles();
    }

    public byte[] Bytes(string name)
    {
        using var scope = NewDisposeScope();
        return Read(name).contiguous().data<byte>().ToArray();
    }

    /// <summary>The tensor itself; it belongs to the caller's dispose scope.</summary>
    public Tensor Read(string name)
    {
        using var file = SafeTensorsFile.Open(path);
        return file.Read(name);
    }
}
