namespace Mspn.Core.Tests.Weights.KeyMaps;

public class KeyMapTests
{
    private static readonly KeyMap Map = new("theirs", [("a.", "x."), ("a.b.", "y.z."), ("c.", "module.c.")]);

    [Theory]
    [InlineData("a.weight", "x.weight")]
    [InlineData("a.c.weight", "x.c.weight")]
    [InlineData("a.b.weight", "y.z.weight")]
    [InlineData("c.", "module.c.")]
    public void The_longest_beginning_counts_both_ways(string ours, string theirs)
    {
        Map.Theirs(ours).Should().Be(theirs);
        Map.Ours(theirs).Should().Be(ours);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("ab.weight")]
    [InlineData("weight")]
    [InlineData(".a.weight")]
    [InlineData("")]
    public void Other_names_have_no_counterpart(string name)
    {
        Map.Theirs(name).Should().BeNull();
        Map.Ours(name).Should().BeNull();
    }

    [Theory]
    [InlineData("a.", "z.", "'a.' twice")]
    [InlineData("b.", "x.", "'x.' twice")]
    [InlineData("b", "z.", "'b', which does not end in a dot")]
    [InlineData("b.", "", "'', which does not end in a dot")]
    public void An_ambiguous_map_is_refused(string ours, string theirs, string problem)
    {
        var create = () => new KeyMap("bad", [("a.", "x."), (ours, theirs)]);
        create.Should().Throw<ArgumentException>().WithMessage($"*bad*{problem}*");
    }
}
