using System.Globalization;
using System.Numerics;
using System.Text;

namespace Mspn.Core;

/// <summary>
/// Reads Python pickles, protocols 0 to 5 as far as PyTorch writes tensors with them, into plain values (<see cref="Pickled"/>). The
/// instructions of a pickle put values on a stack and join them; those that would import or call Python code do so only through
/// <see cref="PickleGlobals"/>. Neither reading nor its memory can get out of proportion to the pickle.
/// </summary>
internal sealed class Unpickler
{
    private const int MaximumOperations = 5_000_000;
    private const int LongestNumber = 255;

    private readonly PickleReader _reader;
    private readonly Func<object?, object?> _persistent;
    private readonly List<object?> _stack = [];
    private readonly Stack<int> _marks = new();
    private readonly Dictionary<long, object?> _memo = [];
    private long _operations;

    private Unpickler(PickleReader reader, Func<object?, object?> persistent) => (_reader, _persistent) = (reader, persistent);

    /// <summary>Reads one pickle.</summary>
    /// <param name="reader">The bytes; afterwards just behind the pickle.</param>
    /// <param name="persistent">What stands for a persistent id, which PyTorch uses for storages. By default there must be none.</param>
    /// <exception cref="InvalidDataException">It is damaged, or holds something else than data; the message says what.</exception>
    public static object? Read(PickleReader reader, Func<object?, object?>? persistent = null) =>
        new Unpickler(reader, persistent ?? (_ => throw new InvalidDataException("it refers to something outside the pickle"))).Run();

    private object? Run()
    {
        while (true)
        {
            Spend(1);
            var operation = (char)_reader.Byte();
            if (operation == '.')
            {
                return Pop();
            }
            if (!Number(operation) && !Text(operation) && !Container(operation) && !Memo(operation))
            {
                Construct(operation);
            }
        }
    }

    private bool Number(char operation)
    {
        switch (operation)
        {
            case 'N': Push(null); return true;
            case '\x88': Push(true); return true;
            case '\x89': Push(false); return true;
            case 'J': Push((long)_reader.Int32()); return true;
            case 'K': Push((long)_reader.Byte()); return true;
            case 'M': Push((long)_reader.UInt16()); return true;
            case 'G': Push(_reader.Double()); return true;
            case '\x8a': Push(Whole(_reader.Bytes(_reader.Byte()))); return true;
            case '\x8b': Push(Whole(_reader.Bytes(Math.Min(_reader.UInt32(), LongestNumber + 1u)))); return true;
            case 'I': Push(_reader.Line() switch { "00" => false, "01" => true, var text => Whole(text) }); return true;
            case 'L': Push(Whole(_reader.Line().TrimEnd('L'))); return true;
            case 'F':
                Push(double.TryParse(_reader.Line(), CultureInfo.InvariantCulture, out var value) ? value : throw new InvalidDataException("a number is none"));
                return true;
            default: return false;
        }
    }

    private bool Text(char operation)
    {
        switch (operation)
        {
            case 'X': Push(_reader.Text(_reader.UInt32())); return true;
            case '\x8c': Push(_reader.Text(_reader.Byte())); return true;
            case '\x8d': Push(_reader.Text(_reader.UInt64())); return true;
            // Strings of Python 2: names, or bytes, which Latin-1 keeps.
            case 'T': Push(Encoding.Latin1.GetString(_reader.Bytes(_reader.UInt32()))); return true;
            case 'U': Push(Encoding.Latin1.GetString(_reader.Bytes(_reader.Byte()))); return true;
            case 'B': Push(_reader.Bytes(_reader.UInt32())); return true;
            case 'C': Push(_reader.Bytes(_reader.Byte())); return true;
            case '\x8e' or '\x96': Push(_reader.Bytes(_reader.UInt64())); return true;
            default: return false;
        }
    }

    private bool Container(char operation)
    {
        switch (operation)
        {
            case '(': _marks.Push(_stack.Count); return true;
            case '0':
                if (_marks.TryPeek(out var mark) && mark == _stack.Count)
                {
                    _marks.Pop();
                }
                else
                {
                    Pop();
                }
                return true;
            case '1': PopMark(); return true;
            case '2': Push(Top()); return true;
            case '}': Push(Pickled.Dictionary()); return true;
            case ']' or '\x8f': Push(new List<object?>()); return true;
            case ')': Push(Array.Empty<object?>()); return true;
            case '\x85': Push(PopMany(1)); return true;
            case '\x86': Push(PopMany(2)); return true;
            case '\x87': Push(PopMany(3)); return true;
            case 't': Push(PopMark()); return true;
            case 'l' or '\x91': Push(new List<object?>(PopMark())); return true;
            case 'd': var pairs = PopMark(); Push(Pickled.Dictionary()); SetItems(pairs); return true;
            case 'a': Extend(PopMany(1)); return true;
            case 'e' or '\x90': Extend(PopMark()); return true;
            case 's': SetItems(PopMany(2)); return true;
            case 'u': SetItems(PopMark()); return true;
            default: return false;
        }
    }

    private bool Memo(char operation)
    {
        switch (operation)
        {
            case 'p': _memo[LineIndex()] = Top(); return true;
            case 'q': _memo[_reader.Byte()] = Top(); return true;
            case 'r': _memo[_reader.UInt32()] = Top(); return true;
            case '\x94': _memo[_memo.Count] = Top(); return true;
            case 'g': Push(Recall(LineIndex())); return true;
            case 'h': Push(Recall(_reader.Byte())); return true;
            case 'j': Push(Recall(_reader.UInt32())); return true;
            case '\x95': _reader.UInt64(); return true; // the size of a frame, a hint for buffering
            default: return false;
        }
    }

    private void Construct(char operation)
    {
        switch (operation)
        {
            case '\x80':
                if (_reader.Byte() is > 5 and var protocol)
                {
                    throw new InvalidDataException($"pickle protocol {protocol} is not known");
                }
                break;
            case 'c': Push(PickleGlobals.Find(_reader.Line(), _reader.Line())); break;
            case '\x93':
                var names = PopMany(2);
                Push(PickleGlobals.Find(Pickled.Expect<string>(names[0], "a module's name"), Pickled.Expect<string>(names[1], "a name")));
                break;
            case 'R' or '\x81':
                var call = PopMany(2);
                var arguments = Pickled.Expect<object?[]>(call[1], "a tuple of arguments");
                SpendOnCopies(arguments);
                Push(Pickled.Expect<PickleGlobal>(call[0], "something to call").Call(arguments));
                break;
            case 'b':
                var state = Pop();
                SpendOnCopies(state as object?[] ?? []);
                Build(state, Top());
                break;
            case 'Q': Push(_persistent(Pop())); break;
            default: throw new InvalidDataException($"the byte 0x{(int)operation:x2} is no instruction of a pickle that PyTorch writes");
        }
    }

    /// <summary>Gives an object its state. Attributes of containers (PyTorch's _metadata) and inert objects are dropped.</summary>
    private static void Build(object? state, object? target)
    {
        switch (target)
        {
            case NumpyType type: type.SetState(state); break;
            case NumpyArray array: array.SetState(state); break;
            case OrderedDictionary<string, object?> or InertPickleGlobal: break;
            default: throw new InvalidDataException("something that is not an object is given a state");
        }
    }

    private void Extend(object?[] items) => Pickled.Expect<List<object?>>(Top(), "a list to append to").AddRange(items);

    private void SetItems(object?[] pairs)
    {
        var dictionary = Pickled.Expect<OrderedDictionary<string, object?>>(Top(), "a dictionary to add to");
        if (pairs.Length % 2 != 0)
        {
            throw new InvalidDataException("a dictionary has a key without a value");
        }
        for (var i = 0; i < pairs.Length; i += 2)
        {
            Pickled.Set(dictionary, pairs[i], pairs[i + 1]);
        }
    }

    private static object Whole(byte[] bytes) => bytes.Length > LongestNumber
        ? throw new InvalidDataException($"a number has more than {LongestNumber} bytes")
        : Narrow(new BigInteger(bytes));

    private static object Whole(string text) =>
        BigInteger.TryParse(text, CultureInfo.InvariantCulture, out var value) ? Narrow(value) : throw new InvalidDataException("a number is none");

    private static object Narrow(BigInteger value) => value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value;

    private long LineIndex() => Whole(_reader.Line()) as long? ?? throw new InvalidDataException("a memo's number is too large");

    private object? Recall(long index) => _memo.TryGetValue(index, out var value) ? value : throw new InvalidDataException($"memo {index} was never set");

    private void Push(object? value) => _stack.Add(value);

    private object? Top() => _stack.Count > Floor ? _stack[^1] : throw new InvalidDataException("a value is missing");

    private object? Pop() => PopMany(1)[0];

    private object?[] PopMany(int count) =>
        _stack.Count - Floor >= count ? Take(_stack.Count - count) : throw new InvalidDataException("a value is missing");

    private object?[] PopMark() => _marks.TryPop(out var mark) ? Take(mark) : throw new InvalidDataException("a mark is missing");

    // What lies below the last mark belongs to an outer container.
    private int Floor => _marks.TryPeek(out var mark) ? mark : 0;

    private object?[] Take(int start)
    {
        var taken = new object?[_stack.Count - start];
        _stack.CopyTo(start, taken, 0, taken.Length);
        _stack.RemoveRange(start, taken.Length);
        return taken;
    }

    // A value that was written once can be copied by each of many instructions.
    private void SpendOnCopies(object?[] values) => Spend(values.Sum(Pickled.Weight));

    private void Spend(long operations)
    {
        _operations += operations;
        if (_operations > MaximumOperations)
        {
            throw new InvalidDataException($"it has more than {MaximumOperations} instructions");
        }
    }
}
