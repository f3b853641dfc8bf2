using Mspn.Data;
using Mspn.Training;

namespace Mspn.Samples.Tests;

public class ChartTests
{
    [Fact]
    public void An_ablation_is_drawn_whatever_its_scores_are()
    {
        var usual = Draw(("a", 0.3), ("a", 0.4), ("b", 0.5));
        usual.Pixels.Should().NotEqual(Draw(("a", 0.3), ("a", 0.3), ("b", 0.5)).Pixels);
        foreach (var odd in new[] { Draw(("a", 0.3)), Draw(("a", double.NaN), ("b", 0.2)), Draw(("a", double.NaN)), Draw(("a", 0), ("a", 0), ("b", 0)) })
        {
            odd.Pixels.Distinct().Should().HaveCountGreaterThan(5);
        }
    }

    [Fact]
    public void Every_seed_is_a_dot()
    {
        // Two seeds give mean and deviation; a third one between them moves nothing but adds a dot.
        static int Dots(RgbImage image) => image.Pixels.Chunk(3).Count(p => p[0] > 200 && p[2] < 120);
        Dots(Draw(("a", 0.3), ("a", 0.4), ("a", 0.35))).Should().BeGreaterThan(Dots(Draw(("a", 0.3), ("a", 0.4))));
    }

    [Fact]
    public void Bars_leave_room_for_long_names()
    {
        var narrow = BarChart.Draw("title", ["one"], ("series", [1]));
        var wide = BarChart.Draw("title", ["one"], ("a series whose name is far longer than all of the bars are", [1]), ("another", [2]));
        wide.Width.Should().BeGreaterThan(narrow.Width);
        BarChart.Draw("nothing", ["one", "two"], ("zero", [0, 0]), ("shorter", [])).Height.Should().BeGreaterThan(narrow.Height);
    }

    private static RgbImage Draw(params (string Variant, double Score)[] runs) => AblationChart.Draw(
        new AblationTable("PCK", ["a", "b"], runs.Select((r, i) => new AblationResult(r.Variant, i, r.Score, 10, 1_000_000, 5, 60))), "title", name => $"{name}\nof this kind");
}
