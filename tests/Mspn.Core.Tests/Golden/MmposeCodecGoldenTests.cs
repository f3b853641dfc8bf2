using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Golden;

[Trait("Category", "Golden")]
[Trait("Area", "mmpose")]
public class MmposeCodecGoldenTests
{
    // Height of the peak in the stored maps.
    private const double Peak = 255;

    public static IEnumerable<object?[]> Files => Goldens.Rows("mmpose", "codec_", ".safetensors");

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Blurred_maps_are_read_as_mmpose_reads_them(string? file)
    {
        var golden = Goldens.Case(file);
        using var scope = NewDisposeScope();
        foreach (var kernel in golden.Json.Numbers("kernels").Select(k => (int)k))
        {
            var decoder = new MmposeHeatmapDecoder { Kernel = kernel, Peak = Peak };
            Check(decoder, golden.Tensors.Read("decode.heatmaps"), string.Create(CultureInfo.InvariantCulture, $"decode.k{kernel}"), golden);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Gaussian_maps_are_read_as_mmpose_reads_them(string? file)
    {
        var golden = Goldens.Case(file);
        using var scope = NewDisposeScope();
        var maps = golden.Tensors.Read("decode.heatmaps").clamp(0) / Peak;
        Check(new MsraHeatmapDecoder(), maps, "msra.decode", golden);
        Check(new DarkHeatmapDecoder(), maps, "msra_unbiased.decode", golden);
    }

    private static void Check(HeatmapDecoder decoder, Tensor maps, string name, GoldenCase golden)
    {
        var crop = golden.Json.Numbers("input_size_wh");
        var tolerance = golden.Entry.GetProperty("tolerance");
        var (positions, scores) = (golden.Tensors.Doubles($"{name}.keypoints"), golden.Tensors.Doubles($"{name}.scores"));

        var decoded = decoder.Decode(maps.unsqueeze(0), new ImageSize((int)crop[1], (int)crop[0]))[0];

        decoded.Should().HaveCount(scores.Length);
        for (var k = 0; k < decoded.Length; k++)
        {
            var because = $"{name}, keypoint {k}";
            decoded[k].X.Should().BeApproximately(positions[2 * k], tolerance.Number("keypoints"), because);
            decoded[k].Y.Should().BeApproximately(positions[2 * k + 1], tolerance.Number("keypoints"), because);
            if (double.IsNaN(scores[k]))
            {
                decoded[k].Score.Should().Be(double.NaN, because);
            }
            else
            {
                decoded[k].Score.Should().BeApproximately(scores[k], tolerance.Number("scores"), because);
            }
        }
    }
}
