using System.Globalization;
using System.Text.Json;

namespace Mspn.Data;

/// <summary>
/// Reads the fields of one object after another, and remembers the first that is wrong: the id that names the object often comes after it.
/// </summary>
internal sealed class CocoFields
{
    // More numbers than that in one field are no person's; they are counted, not kept.
    private const int MostNumbers = 30_000;

    private (CocoFault Fault, string Field, string Problem)? _wrong;

    /// <summary>Whether a field was wrong.</summary>
    public bool Failed => _wrong is not null;

    /// <summary>Begins an object at the present token.</summary>
    /// <returns>False if it is none; it is skipped, and the failure noted.</returns>
    public bool Begin(ref JsonFileReader json)
    {
        _wrong = null;
        if (json.Token == JsonTokenType.StartObject)
        {
            return true;
        }
        Fail(CocoFault.WrongType, json.List, "is not an object");
        json.Skip();
        return false;
    }

    /// <summary>Notes what is wrong, unless something is already.</summary>
    public void Fail(CocoFault fault, string field, string problem) => _wrong ??= (fault, field, problem);

    /// <summary>What was wrong, of the object called <paramref name="item"/>.</summary>
    public CocoProblem Problem(string item, long? id) => new(_wrong!.Value.Fault, item, id, _wrong.Value.Field, _wrong.Value.Problem);

    /// <summary>A whole number; null if there is none.</summary>
    public long? Integer(ref JsonFileReader json, string field)
    {
        if (!Value(ref json, JsonTokenType.Number, field, "a whole number"))
        {
            return null;
        }
        if (json.TryInteger(out var value))
        {
            return value;
        }
        Fail(CocoFault.WrongType, field, string.Create(CultureInfo.InvariantCulture, $"has {json.Number():R} where a whole number belongs"));
        return null;
    }

    /// <summary>A whole number from 0 that fits 32 bits; null if there is none.</summary>
    public int? Count(ref JsonFileReader json, string field)
    {
        var value = Integer(ref json, field);
        if (value is < 0 or > int.MaxValue)
        {
            Fail(CocoFault.WrongValue, field, $"has the impossible value {value}");
            return null;
        }
        return (int?)value;
    }

    /// <summary>A finite number; null if there is none.</summary>
    public double? Number(ref JsonFileReader json, string field)
    {
        if (!Value(ref json, JsonTokenType.Number, field, "a number"))
        {
            return null;
        }
        var value = json.Number();
        return CheckFinite(value, field) ? value : null;
    }

    /// <summary>A string; null if there is none.</summary>
    public string? Text(ref JsonFileReader json, string field)
    {
        if (!Value(ref json, JsonTokenType.String, field, "text"))
        {
            return null;
        }
        var value = json.Text();
        if (value is null)
        {
            Fail(CocoFault.WrongValue, field, "has text that is not Unicode");
        }
        return value;
    }

    /// <summary>0, 1, false or true; false if there is none.</summary>
    public bool Flag(ref JsonFileReader json, string field)
    {
        json.Read();
        if (json.Token is JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null)
        {
            return json.Token == JsonTokenType.True;
        }
        if (json.Token == JsonTokenType.Number && json.TryInteger(out var value) && value is 0 or 1)
        {
            return value == 1;
        }
        Fail(CocoFault.WrongType, field, "has something other than 0 or 1");
        json.Skip();
        return false;
    }

    /// <summary>A list of finite numbers; nothing if there is none.</summary>
    public void Numbers(ref JsonFileReader json, string field, List<double> into)
    {
        into.Clear();
        if (!Value(ref json, JsonTokenType.StartArray, field, "a list of numbers"))
        {
            return;
        }
        while (json.Read() && json.Token != JsonTokenType.EndArray)
        {
            if (!Holds(ref json, JsonTokenType.Number, field, "a number"))
            {
                continue;
            }
            var value = json.Number();
            CheckFinite(value, field);
            if (into.Count < MostNumbers)
            {
                into.Add(value);
            }
            else
            {
                Fail(CocoFault.WrongValue, field, $"has more than {MostNumbers} numbers");
            }
        }
    }

    /// <summary>Goes to the value of a field.</summary>
    /// <returns>False if it is null, or of another kind, which is noted and skipped.</returns>
    public bool Value(ref JsonFileReader json, JsonTokenType token, string field, string expected)
    {
        json.Read();
        return json.Token != JsonTokenType.Null && Holds(ref json, token, field, expected);
    }

    /// <summary>Whether the present token is of this kind; if not, it is noted and skipped.</summary>
    public bool Holds(ref JsonFileReader json, JsonTokenType token, string field, string expected)
    {
        if (json.IsNotFinite)
        {
            CheckFinite(double.NaN, field);
            return false;
        }
        if (json.Token == token)
        {
            return true;
        }
        Fail(CocoFault.WrongType, field, $"has {Describe(json.Token)} where {expected} belongs");
        json.Skip();
        return false;
    }

    private static string Describe(JsonTokenType token) => token switch
    {
        JsonTokenType.StartArray => "a list",
        JsonTokenType.StartObject => "an object",
        JsonTokenType.String => "text",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        _ => "true or false",
    };

    private bool CheckFinite(double value, string field)
    {
        if (double.IsFinite(value))
        {
            return true;
        }
        Fail(CocoFault.NotFinite, field, "has a number that is NaN or infinite");
        return false;
    }
}
