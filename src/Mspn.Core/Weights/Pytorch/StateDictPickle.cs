using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>The pickle of a state dict (protocol 2): an OrderedDict of tensors, each the whole of a storage whose key is its place in the list.</summary>
internal sealed class StateDictPickle
{
    private readonly MemoryStream _bytes = new();

    private StateDictPickle()
    {
    }

    public static byte[] Write(IReadOnlyList<(string Name, ScalarType Type, long[] Shape)> tensors)
    {
        var pickle = new StateDictPickle();
        pickle.Code("\x80\x02");
        pickle.EmptyOrderedDict();
        pickle.Code("(");
        for (var i = 0; i < tensors.Count; i++)
        {
            pickle.Text(tensors[i].Name);
            pickle.Tensor(i.ToString(CultureInfo.InvariantCulture), tensors[i].Type, tensors[i].Shape);
        }
        pickle.Code("u.");
        return pickle._bytes.ToArray();
    }

    private void Tensor(string key, ScalarType type, long[] shape)
    {
        Code("ctorch._utils\n_rebuild_tensor_v2\n((");
        Text("storage");
        Code($"ctorch\n{WeightTypes.Storage(type)}\n");
        Text(key);
        Text("cpu");
        Number(shape.Aggregate(1L, (a, b) => a * b));
        Code("tQ");
        Number(0);
        Tuple(shape);
        // Of row order; PyTorch counts an empty dimension as one element here.
        var strides = new long[shape.Length];
        for (var (i, stride) = (shape.Length - 1, 1L); i >= 0; stride *= Math.Max(1, shape[i]), i--)
        {
            strides[i] = stride;
        }
        Tuple(strides);
        Code("\x89");
        EmptyOrderedDict(); // backward hooks
        Code("tR");
    }

    private void EmptyOrderedDict() => Code("ccollections\nOrderedDict\n)R");

    private void Tuple(long[] numbers)
    {
        Code("(");
        Array.ForEach(numbers, Number);
        Code("t");
    }

    // Each character is a byte.
    private void Code(string code) => _bytes.Write(Encoding.Latin1.GetBytes(code));

    private void Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        Code("X");
        _bytes.Write(length);
        _bytes.Write(bytes);
    }

    private void Number(long number)
    {
        Span<byte> bytes = stackalloc byte[8];
        if (number <= int.MaxValue)
        {
            Code("J");
            BinaryPrimitives.WriteInt32LittleEndian(bytes, (int)number);
            _bytes.Write(bytes[..4]);
        }
        else
        {
            Code("\x8a\x08");
            BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
            _bytes.Write(bytes);
        }
    }
}
