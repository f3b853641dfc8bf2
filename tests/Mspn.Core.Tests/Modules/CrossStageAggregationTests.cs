using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Modules;

public class CrossStageAggregationTests
{
    [Fact]
    public void Stages_of_other_widths_and_kinds_are_joined_level_by_level()
    {
        using var scope = NewDisposeScope();
        using var first = SingleStageModule.Mspn(4, [1, 1, 1], 8);
        using var second = OtherParts.Stage(6, [5, 7, 9], [3, 2, 4]);
        using var third = SingleStageModule.Mspn(2, [1, 1, 1], 3);
        using var aggregation = new CrossStageAggregation();
        aggregation.Connect([first, second, third]);

        var features = first.call(rand(2, 4, 16, 12), null);
        var added = aggregation.call(0, features);
        added.Select(a => string.Join(',', a.shape)).Should().Equal("2,5,16,12", "2,7,8,6", "2,9,4,3");
        var next = aggregation.call(1, second.call(rand(2, 6, 16, 12), added));
        next.Select(a => a.shape[1]).Should().Equal(8, 16, 32);
    }

    [Fact]
    public void What_is_handed_over_is_the_sum_of_both_convolutions()
    {
        using var scope = NewDisposeScope();
        using var first = SingleStageModule.Mspn(4, [1, 1], 8);
        using var second = SingleStageModule.Mspn(2, [1, 1], 8);
        using var aggregation = new CrossStageAggregation();
        aggregation.Connect([first, second]);
        aggregation.eval();
        var features = first.call(rand(1, 4, 8, 8), null);
        var added = aggregation.call(0, features);
        for (var level = 0; level < 2; level++)
        {
            var sum = aggregation.FromEncoder(0, level).call(features.Encoder[level])
                + aggregation.FromDecoder(0, level).call(features.Decoder[level]);
            added[level].Floats().Should().Equal(sum.Floats());
        }
    }

    [Fact]
    public void Connecting_twice_is_an_error()
    {
        using var first = SingleStageModule.Mspn(4, [1, 1], 8);
        using var second = SingleStageModule.Mspn(4, [1, 1], 8);
        using var aggregation = new CrossStageAggregation();
        aggregation.Connect([first, second]);
        aggregation.Invoking(a => a.Connect([first, second])).Should().Throw<InvalidOperationException>().WithMessage("*already*");
    }

    [Fact]
    public void Stages_of_different_depth_are_an_error()
    {
        using var first = SingleStageModule.Mspn(4, [1, 1, 1], 8);
        using var second = SingleStageModule.Mspn(4, [1, 1], 8);
        using var aggregation = new CrossStageAggregation();
        aggregation.Invoking(a => a.Connect([first, second])).Should().Throw<ArgumentException>().WithMessage("*3 and 2 levels*");
    }
}
