using System.Text.Json;
using Mspn.Core;

namespace Mspn.Data.Tests.Golden;

[Trait("Category", "Golden")]
[Trait("Area", "data")]
public class CropGoldenTests
{
    public static IEnumerable<object?[]> Files => Goldens.Rows("data", "crops", ".safetensors");

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Crops_are_those_of_OpenCV_bit_for_bit(string? file)
    {
        var golden = Goldens.Case(file);
        foreach (var crop in golden.Json.GetProperty("cases").EnumerateArray())
        {
            var image = GoldenImages.OfCrop(crop, golden.Seed);
            var size = crop.Size("output_hw");
            var bytes = new byte[3 * size.Height * size.Width];

            FixedPointWarp.Warp(image, Transform(crop), size, bytes);

            var expected = golden.Tensors.Bytes(crop.Text("crop"));
            expected.Should().HaveCount(bytes.Length);
            bytes.Zip(expected).Count(p => p.First != p.Second).Should().Be(0, crop.Text("crop"));
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Normalised_crops_are_the_references_float_for_float(string? file)
    {
        var golden = Goldens.Case(file);
        var tensors = golden.Tensors;
        foreach (var crop in golden.Json.GetProperty("cases").EnumerateArray().Where(c => tensors.Contains(Normalized(c))))
        {
            var image = GoldenImages.RedFirst(GoldenImages.OfCrop(crop, golden.Seed));
            var size = crop.Size("output_hw");
            var reader = new CropReader(size, ImageNormalization.OfficialBgr);
            var pixels = new float[reader.Length];

            reader.Read(image, Transform(crop), mirrored: false, pixels);

            Differences.Largest(pixels, tensors.Doubles(Normalized(crop)), Normalized(crop)).Should().Be(0, Normalized(crop));
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Mirrored_reading_is_that_of_a_mirrored_image(string? file)
    {
        var golden = Goldens.Case(file);
        foreach (var crop in golden.Json.GetProperty("cases").EnumerateArray())
        {
            var image = GoldenImages.OfCrop(crop, golden.Seed);
            var mirror = image.Clone();
            for (var y = 0; y < image.Height; y++)
            {
                for (var x = 0; x < image.Width; x++)
                {
                    image.Pixels.AsSpan((y * image.Width + x) * 3, 3).CopyTo(mirror.Pixels.AsSpan((y * image.Width + image.Width - 1 - x) * 3));
                }
            }
            var size = crop.Size("output_hw");
            var bytes = new byte[3 * size.Height * size.Width];

            FixedPointWarp.Warp(mirror, Transform(crop), size, bytes, mirrored: true);

            bytes.AsSpan().SequenceEqual(golden.Tensors.Bytes(crop.Text("crop"))).Should().BeTrue(crop.Text("crop"));
        }
    }

    private static string Normalized(JsonElement crop) => "normalized_" + crop.Text("crop");

    private static AffineTransform Transform(JsonElement crop) => crop.Rows("trans") is [[var a, var b, var c], [var d, var e, var f]]
        ? new AffineTransform(a, b, c, d, e, f)
        : throw new FormatException("'trans' is not a 2×3 matrix.");
}
