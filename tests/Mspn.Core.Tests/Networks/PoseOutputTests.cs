using static TorchSharp.torch;

namespace Mspn.Core.Tests.Networks;

public class PoseOutputTests
{
    [Fact]
    public void An_output_needs_a_stage_with_a_scale()
    {
        var none = () => new PoseOutput([]);
        var empty = () => new PoseOutput([[]]);
        none.Should().Throw<ArgumentException>();
        empty.Should().Throw<ArgumentException>();
    }

    [Fact]
    public void A_map_that_it_holds_twice_moves_by_one_scope_alone()
    {
        using var outermost = NewDisposeScope();
        Tensor map;
        using (NewDisposeScope())
        {
            using (NewDisposeScope())
            {
                map = zeros(1, 1, 2, 2);
                new PoseOutput([[map], [map]], new Dictionary<string, IReadOnlyList<Tensor>> { ["same"] = [map] }).MoveToOuterDisposeScope();
            }
            map.IsInvalid.Should().BeFalse();
        }
        map.IsInvalid.Should().BeTrue();
    }

    [Fact]
    public void Disposing_it_frees_its_maps()
    {
        var map = zeros(1, 1, 2, 2);
        new PoseOutput([[map]]).Dispose();
        map.IsInvalid.Should().BeTrue();
    }
}
