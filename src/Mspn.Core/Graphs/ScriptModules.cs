using System.Buffers.Binary;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>Makes TorchScript modules of code, by way of the archive that <c>torch.jit.save</c> writes, in memory.</summary>
/// <remarks>
/// <c>torch.jit.compile</c> knows only the operators of <c>torch</c> and ends the process where it finds an error; an archive may use all of libtorch's
/// operators, and its errors are exceptions.
/// </remarks>
internal static class ScriptModules
{
    private const string Class = "Network";

    /// <summary>Loads a module without parameters.</summary>
    /// <param name="methods">Its methods: signature without <c>self</c>, and body.</param>
    /// <returns>The module; the caller disposes it.</returns>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">libtorch cannot read the code, or lacks an operator.</exception>
    public static jit.ScriptModule Load(params IReadOnlyList<(string Name, string Parameters, string Result, string Body)> methods)
    {
        var code = new StringBuilder($"class {Class}(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n");
        foreach (var (name, parameters, result, body) in methods)
        {
            code.Append($"  def {name}(self: __torch__.{Class}, {parameters}) -> {result}:\n{body}");
        }
        using var stream = new MemoryStream();
        var archive = new StoredZipWriter(stream);
        Add("data.pkl", Instance());
        Add("code/__torch__.py", Encoding.UTF8.GetBytes(code.ToString()));
        Add("constants.pkl", Encoding.Latin1.GetBytes("\u0080\u0002)."));
        Add("version", "3\n"u8.ToArray());
        archive.Finish();
        return jit.load(stream.ToArray(), DeviceType.CPU);

        void Add(string name, byte[] content) => archive.Add($"{Class}/{name}", content.Length, write => write(content));
    }

    // The pickle of an object of the class with its one attribute, training = False.
    private static byte[] Instance()
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, "training".Length);
        return [.. Encoding.Latin1.GetBytes($"\u0080\u0002c__torch__\n{Class}\n)\u0081}}X"), .. length, .. "training"u8, .. Encoding.Latin1.GetBytes("\u0089sb.")];
    }
}
