using System.Buffers.Binary;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>Makes TorchScript modules of code, by way of the archive that <c>torch.jit.save</c> writes, in memory.</summary>
/// <remarks>
/// <c>torch.jit.compile</c> knows only the operators of <c>torch</c> and ends the process where it finds an error; an archive may use all of libtorch's
/// operators, and its errors are exceptions. libtorch never frees the code of a module, some megabytes for a network, even when the module is disposed:
/// so weights and sizes are arguments, and each code is made once in a process, however often a network is prepared (at every validation of a training, for
/// instance).
/// </remarks>
internal static class ScriptModules
{
    private const string Class = "Network";

    private static readonly Dictionary<(string Parameters, string Body), jit.ScriptModule> Made = [];
    private static readonly Lock Making = new();

    /// <summary>Gives a module without weights whose one method is <c>forward</c>, the same one whenever it is asked for the same.</summary>
    /// <param name="parameters">What <c>forward</c> takes besides <c>self</c>.</param>
    /// <param name="body">Its body, which gives a list of tensors.</param>
    /// <returns>The module, which several threads may use at once and nobody disposes.</returns>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">libtorch cannot read the code, or lacks an operator.</exception>
    public static jit.ScriptModule Get(string parameters, string body)
    {
        lock (Making)
        {
            if (!Made.TryGetValue((parameters, body), out var module))
            {
                Made.Add((parameters, body), module = Load(parameters, body));
            }
            return module;
        }
    }

    private static jit.ScriptModule Load(string parameters, string body)
    {
        var code = $"""
            class {Class}(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
              def forward(self: __torch__.{Class}, {parameters}) -> List[Tensor]:
            {body}
            """;
        using var stream = new MemoryStream();
        var archive = new StoredZipWriter(stream);
        Add("data.pkl", Instance());
        Add("code/__torch__.py", Encoding.UTF8.GetBytes(code));
        Add("constants.pkl", Encoding.Latin1.GetBytes("\u0080\u0002)."));
        Add("version", "3\n"u8.ToArray());
        archive.Finish();
        // Modules belong to no dispose scope.
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
