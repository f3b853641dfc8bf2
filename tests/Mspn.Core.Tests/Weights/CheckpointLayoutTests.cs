using static Mspn.Testing.RawCheckpoint;

namespace Mspn.Core.Tests.Weights;

public class CheckpointLayoutTests
{
    private static string One => Tensor("0", 1, [1], [1]);

    [Theory]
    [InlineData("module.")]
    [InlineData("model.module.")]
    public void A_bare_state_dict_may_have_the_wrappers_prefix(string prefix)
    {
        var layout = Of($"}}({Text(prefix + "a.weight")}{One}{Text(prefix + "b")}{One}u");
        (layout.Kind, layout.Prefix, layout.HasOptimizer).Should().Be((CheckpointKind.StateDict, prefix, false));
        layout.Weights.Names.Should().Equal("a.weight", "b");
    }

    [Fact]
    public void Constants_beside_the_network_are_not_its_own() => Of(
        $"}}{Text("state_dict")}}}({Text("data_preprocessor.mean")}{One}{Text("data_preprocessor.std")}{One}{Text("module.a")}{One}us")
        .Weights.Names.Should().Equal("a");

    [Fact]
    public void A_name_that_only_some_tensors_begin_with_is_no_prefix() =>
        Of($"}}({Text("module.a")}{One}{Text("b")}{One}u").Weights.Names.Should().Equal("module.a", "b");

    [Theory]
    [InlineData("model", CheckpointKind.Model)]
    [InlineData("state_dict", CheckpointKind.NamedStateDict)]
    public void A_state_dict_lies_below_its_name(string name, CheckpointKind kind)
    {
        var layout = Of($"}}({Text("epoch")}K\x05{Text("best")}{One}{Text("optimizer")}}}{Text(name)}}}{Text("w")}{One}su");
        (layout.Kind, layout.Prefix, layout.HasOptimizer).Should().Be((kind, name + "/", true));
        layout.Weights.Names.Should().Equal("w");
        layout.Weights.Read("w").Floats().Should().Equal(9);
    }

    [Theory]
    [InlineData("N")]
    [InlineData("}")]
    public void A_file_without_weights_is_an_error(string code) => ShouldBeRefused(code);

    [Fact]
    public void Tensors_elsewhere_are_no_state_dict() => ShouldBeRefused($"}}{Text("optimizer")}}}{Text("m")}{One}ss");

    private static CheckpointLayout Of(string code) => CheckpointLayout.Of(Open(Zip(code, ("0", Bytes(9)))));

    private static void ShouldBeRefused(string code)
    {
        var find = () => Of(code);
        find.Should().Throw<PoseDataException>().WithMessage("raw: *no state dict*");
    }
}
