using System.Text.Json;
using Mspn.Core;

namespace Mspn.Data;

/// <summary>
/// JSON from a stream, token by token, of which only a buffer is held in memory. The buffer grows for a single value that does not fit, up to
/// <see cref="LongestValue"/>.
/// </summary>
/// <remarks>
/// NaN and infinities, which Python writes as bare words, are no JSON; they are handed out as tokens of their own (<see cref="IsNotFinite"/>), so that
/// whoever reads the field can name it.
/// </remarks>
internal ref struct JsonFileReader
{
    /// <summary>Bytes that a single string or number may have.</summary>
    public const int LongestValue = 16 << 20;

    private const int BufferSize = 1 << 16;

    // The longest of Python's words and the character behind it.
    private const int LookAhead = 10;

    private readonly Stream _stream;
    private readonly string _name;
    private readonly long _length;
    private readonly IProgress<double>? _progress;
    private readonly CancellationToken _cancellation;
    private Utf8JsonReader _json;
    private byte[] _buffer = new byte[BufferSize];

    // In the buffer: where the present reader began, and where the data end. In the file: where the buffer begins.
    private int _begin;
    private int _end;
    private long _before;
    private bool _final;
    private double _reported;
    private long _replaced = -1;

    public JsonFileReader(Stream stream, string name, IProgress<double>? progress, CancellationToken cancellation)
    {
        _stream = stream;
        _name = name;
        _length = stream.CanSeek ? stream.Length - stream.Position : 0;
        _progress = progress;
        _cancellation = cancellation;
        cancellation.ThrowIfCancellationRequested();
        Fill();
        if (_end == 0)
        {
            throw new PoseDataException(name, "the file is empty.");
        }
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        _begin = _buffer.AsSpan(0, _end).StartsWith(mark) ? mark.Length : 0;
        _json = new Utf8JsonReader(_buffer.AsSpan(_begin, _end - _begin), _final, default);
    }

    /// <summary>The kind of the present token.</summary>
    public readonly JsonTokenType Token => _json.TokenType;

    /// <summary>Whether the present token stands for NaN or an infinity.</summary>
    public readonly bool IsNotFinite => Token == JsonTokenType.String && _before + _begin + _json.TokenStartIndex == _replaced;

    /// <summary>The list that is being read, for messages; empty outside of one.</summary>
    public string List { get; private set; } = "";

    /// <summary>The position in that list, from 0.</summary>
    public int Index { get; private set; }

    /// <summary>Goes to the next token.</summary>
    /// <returns>False at the end of the file.</returns>
    public bool Read()
    {
        while (true)
        {
            var consumed = (int)_json.BytesConsumed;
            try
            {
                if (_json.Read())
                {
                    return true;
                }
            }
            catch (JsonException)
            {
                if (!ReplaceNotFinite(consumed))
                {
                    throw;
                }
                continue;
            }
            if (_final)
            {
                return false;
            }
            Refill((int)_json.BytesConsumed);
        }
    }

    /// <summary>Goes to the next field of an object.</summary>
    /// <returns>False at the object's end.</returns>
    public bool NextField() => Read() && Token == JsonTokenType.PropertyName;

    /// <summary>Begins the list that the present field holds.</summary>
    /// <exception cref="PoseDataException">It holds something else.</exception>
    public void BeginList(string name)
    {
        Read();
        ExpectList(name);
    }

    /// <summary>Begins the list at the present token.</summary>
    public void ExpectList(string name)
    {
        if (Token != JsonTokenType.StartArray)
        {
            throw new PoseDataException(_name, $"'{name}' is not a list.");
        }
        (List, Index) = (name, -1);
    }

    /// <summary>Goes to the next entry of the list that was begun.</summary>
    /// <returns>False at its end.</returns>
    public bool NextEntry()
    {
        Index++;
        if (Read() && Token != JsonTokenType.EndArray)
        {
            return true;
        }
        List = "";
        return false;
    }

    /// <summary>Whether the present field has this name.</summary>
    public readonly bool Is(ReadOnlySpan<byte> name) => _json.ValueIsEscaped ? IsEscaped(name) : _json.ValueSpan.SequenceEqual(name);

    /// <summary>The present string; null if it is not text (unpaired surrogates, damaged UTF-8).</summary>
    public readonly string? Text()
    {
        try
        {
            return _json.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The present number; infinite or NaN if it is beyond the range of doubles.</summary>
    public readonly double Number()
    {
        // Most numbers in these files are short integers.
        var digits = _json.ValueSpan;
        if (digits.Length > 8 || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return _json.TryGetDouble(out var number) ? number : double.NaN;
        }
        var value = 0;
        foreach (var digit in digits)
        {
            value = 10 * value + (digit - '0');
        }
        return value;
    }

    /// <summary>The present number if it is a whole one that fits 64 bits, such as 7 or 7.0.</summary>
    public readonly bool TryInteger(out long value)
    {
        if (_json.TryGetInt64(out value))
        {
            return true;
        }
        // Beyond 2^53 a double does not tell which whole number was meant.
        var number = Number();
        value = Math.Abs(number) <= 1L << 53 ? (long)number : 0;
        return Math.Abs(number) <= 1L << 53 && number == value;
    }

    /// <summary>Skips what begins at the present token, without holding it.</summary>
    public void Skip()
    {
        if (Token is not (JsonTokenType.StartArray or JsonTokenType.StartObject))
        {
            return;
        }
        var depth = _json.CurrentDepth;
        while (Read() && _json.CurrentDepth > depth)
        {
        }
    }

    /// <summary>Skips the value of the present field.</summary>
    public void SkipField()
    {
        Read();
        Skip();
    }

    private readonly bool IsEscaped(ReadOnlySpan<byte> name)
    {
        try
        {
            return _json.ValueTextEquals(name);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    // Makes room behind what is still needed, and reads on from there.
    private void Refill(int consumed)
    {
        var kept = _begin + consumed;
        if (kept == 0 && _end == _buffer.Length)
        {
            if (_buffer.Length >= LongestValue)
            {
                throw new PoseDataException(
                    _name, $"a single value at byte {_before} is longer than {LongestValue >> 20} MiB{(List.Length > 0 ? $", in {List}[{Index}]" : "")}.");
            }
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }
        _buffer.AsSpan(kept, _end - kept).CopyTo(_buffer);
        (_before, _begin, _end) = (_before + kept, 0, _end - kept);
        Fill();
        _json = new Utf8JsonReader(_buffer.AsSpan(0, _end), _final, _json.CurrentState);
    }

    private void Fill()
    {
        _cancellation.ThrowIfCancellationRequested();
        var read = _stream.ReadAtLeast(_buffer.AsSpan(_end), _buffer.Length - _end, throwOnEndOfStream: false);
        _final = read < _buffer.Length - _end;
        _end += read;
        var fraction = _length > 0 ? Math.Min(1, (double)(_before + _end) / _length) : 0;
        if (fraction >= _reported + 0.01 && fraction < 1)
        {
            _progress?.Report(_reported = fraction);
        }
    }

    // Puts a string of the same length in the place of the bare word that the reader stumbled over; it reads on from before it.
    private bool ReplaceNotFinite(int consumed)
    {
        while (true)
        {
            var rest = _buffer.AsSpan(_begin + consumed, _end - _begin - consumed);
            var at = rest.IndexOfAnyExcept(" \t\r\n,"u8);
            if (at >= 0 && (_final || rest.Length - at >= LookAhead))
            {
                var word = rest[at..];
                var length = BareWord(word);
                if (length == 0)
                {
                    return false;
                }
                (word[0], word[length - 1]) = ((byte)'"', (byte)'"');
                _begin += consumed;
                _replaced = _before + _begin + at;
                _json = new Utf8JsonReader(_buffer.AsSpan(_begin, _end - _begin), _final, _json.CurrentState);
                return true;
            }
            if (_final)
            {
                return false;
            }
            Refill(consumed);
            consumed = 0;
        }
    }

    // Bytes of Python's word for a number that is not finite; 0 if something else begins here.
    private static int BareWord(ReadOnlySpan<byte> text)
    {
        var length = text.StartsWith("NaN"u8) ? 3 : text.StartsWith("Infinity"u8) ? 8 : text.StartsWith("-Infinity"u8) ? 9 : 0;
        return length < text.Length && !" \t\r\n,]}"u8.Contains(text[length]) ? 0 : length;
    }
}
