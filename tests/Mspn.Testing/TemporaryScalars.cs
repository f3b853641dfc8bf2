using System.Reflection;
using System.Reflection.Emit;
using TorchSharp;

namespace Mspn.Testing;

/// <summary>
/// Finds calls that hand native code a <see cref="Scalar"/> which nothing keeps alive, as <c>a + b</c> and <c>a.add_(b)</c> do: if a garbage collection falls
/// into the call, the number is read from freed memory. That is too rare to be provoked by a test, so the code itself is read.
/// </summary>
public static class TemporaryScalars
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    // From an operator through its overloads to the conversion.
    private const int Depth = 4;

    private static readonly Dictionary<ushort, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!).ToDictionary(c => (ushort)c.Value);

    /// <summary>The calls in an assembly, as "type.method: called". Constructors and setters convert what they keep, and a method may convert what it disposes.</summary>
    public static IReadOnlyList<string> In(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        return [.. assembly.GetTypes().SelectMany(t => t.GetMethods(Declared)).Where(m => !IsSetter(m)).SelectMany(In)];
    }

    /// <summary>The calls in a method.</summary>
    public static IEnumerable<string> In(MethodBase method)
    {
        var called = Calls(method).ToArray();
        // "using Scalar factor = ..." is a local variable and a call of Dispose.
        var variables = method.GetMethodBody()?.LocalVariables.Count(v => v.LocalType == typeof(Scalar)) ?? 0;
        var disposals = called.Count(c => c.Name == nameof(IDisposable.Dispose));
        var unheld = called.Where(IsConversion).Skip(Math.Min(variables, disposals)).Concat(called.Where(c => !IsConversion(c) && Converts(c, Depth)));
        return unheld.Select(c => $"{method.DeclaringType}.{method.Name}: {c.DeclaringType!.Name}.{c.Name}");
    }

    private static bool IsSetter(MethodInfo method) => method.IsSpecialName && method.Name.StartsWith("set_", StringComparison.Ordinal);

    private static bool IsConversion(MethodBase method) => method.ReturnType() == typeof(Scalar) && method.Name is "op_Implicit" or "ToScalar";

    // Scripts get tensors and lists of them; the conversion there is one of numbers.
    private static bool Converts(MethodBase method, int depth) => method.DeclaringType?.Assembly == typeof(Scalar).Assembly
        && method.DeclaringType != typeof(torch.jit.ScriptModule)
        && depth > 0
        && Calls(method).Any(c => IsConversion(c) || Converts(c, depth - 1));

    private static Type? ReturnType(this MethodBase method) => (method as MethodInfo)?.ReturnType;

    private static IEnumerable<MethodBase> Calls(MethodBase method)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } code)
        {
            yield break;
        }
        var typeArguments = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (var at = 0; at < code.Length;)
        {
            ushort value = code[at++];
            if (value == 0xFE)
            {
                value = (ushort)(value << 8 | code[at++]);
            }
            var operand = Codes[value].OperandType;
            if (operand == OperandType.InlineMethod)
            {
                yield return method.Module.ResolveMethod(BitConverter.ToInt32(code, at), typeArguments, methodArguments)!;
            }
            at += operand switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => sizeof(byte),
                OperandType.InlineVar => sizeof(ushort),
                OperandType.InlineI8 or OperandType.InlineR => sizeof(long),
                OperandType.InlineSwitch => sizeof(int) * (1 + BitConverter.ToInt32(code, at)),
                _ => sizeof(int),
            };
        }
    }
}
