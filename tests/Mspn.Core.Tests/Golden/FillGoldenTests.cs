using System.Globalization;

namespace Mspn.Core.Tests.Golden;

[Trait("Category", "Golden")]
[Trait("Area", "fill")]
public class FillGoldenTests
{
    public static IEnumerable<object?[]> Files => Goldens.Rows("fill", "", ".json");

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Seeded_numbers_are_those_of_the_reference(string? file)
    {
        var json = Goldens.Case(file).Json;
        foreach (var vector in json.GetProperty("vectors").EnumerateArray())
        {
            var key = vector.Text("key");
            var seed = vector.GetProperty("seed").GetUInt64();
            var shape = vector.Numbers("shape").Select(d => (long)d).ToArray();
            var fill = new SeededFill(key, seed);
            fill.Hash.ToString(CultureInfo.InvariantCulture).Should().Be(vector.Text("fnv1a"), key);
            fill.State.ToString(CultureInfo.InvariantCulture).Should().Be(vector.Text("state"), key);
            vector.GetProperty("z_first4").EnumerateArray().Select(z => z.GetString()).Should().Equal(
                Enumerable.Range(0, vector.GetProperty("z_first4").GetArrayLength()).Select(i => fill.Bits(i).ToString(CultureInfo.InvariantCulture)));
            var isInput = !key.Contains('.', StringComparison.Ordinal);
            var values = isInput
                ? fill.SignedArray(shape.Aggregate(1L, (a, b) => a * b))
                : SeededFill.Parameter(key, shape, seed);
            var bits = vector.GetProperty("bits_first6").EnumerateArray().Select(b => b.GetString()!).ToArray();
            values.Take(bits.Length).Select(v => BitConverter.SingleToUInt32Bits(v).ToString("x8", CultureInfo.InvariantCulture))
                .Should().Equal(bits, key);
            values.Sum(v => (double)v).Should().BeApproximately(vector.Number("sum_float64"), 1e-6 * Math.Max(1, values.Length), key);
        }
    }
}
