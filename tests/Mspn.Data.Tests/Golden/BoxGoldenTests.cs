using Mspn.Core;

namespace Mspn.Data.Tests.Golden;

[Trait("Category", "Golden")]
[Trait("Area", "data")]
public class BoxGoldenTests
{
    public static IEnumerable<object?[]> Files => Goldens.Rows("data", "bbox_center_scale", ".json");

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Regions_of_boxes_are_those_of_the_reference(string? file)
    {
        var number = 0;
        foreach (var golden in Goldens.Case(file).Json.EnumerateArray())
        {
            var because = $"case {number++}";
            var edges = golden.Numbers("bbox_xywh");
            var box = new Box(edges[0], edges[1], edges[2], edges[3]);
            var crop = golden.Size("input_shape");
            var input = new PoseInput { BoxScaleX = 1 + golden.Number("x_ext"), BoxScaleY = 1 + golden.Number("y_ext") };
            CropRegion Expected(string scale) => GoldenGeometry.Region(golden.Numbers("center"), golden.Numbers(scale), 0, single: true);

            var raw = ReferenceRegion.OfBox(box);
            var extended = raw.Scaled(input.BoxScaleX, input.BoxScaleY);

            raw.ToRegion().Should().Be(Expected("scale_raw"), because);
            extended.ToRegion().Should().Be(Expected("scale_extended"), because);
            CropSampler.ForEvaluation(box, input, crop).Should().Be(Expected("scale_fitted"), because);
        }
    }
}
