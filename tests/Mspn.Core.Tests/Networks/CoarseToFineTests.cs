namespace Mspn.Core.Tests.Networks;

public class CoarseToFineTests
{
    [Theory]
    [InlineData(1, 5, new[] { 1, 2, 3, 4 })]
    [InlineData(2, 5, new[] { 0, 1, 2, 3, 1, 2, 3, 4 })]
    [InlineData(4, 5, new[] { 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 1, 2, 3, 4 })]
    [InlineData(3, 6, new[] { 0, 1, 2, 3, 1, 2, 3, 4, 2, 3, 4, 5 })]
    [InlineData(2, 4, new[] { 0, 1, 2, 3, 0, 1, 2, 3 })]
    public void Later_stages_take_narrower_kernels(int stages, int kernels, int[] expected) => Table(stages, kernels, true).Should().Equal(expected);

    [Fact]
    public void Switched_off_every_stage_takes_the_first_kernels() => Table(3, 6, false).Should().Equal(0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3);

    [Fact]
    public void Fewer_kernels_than_scales_are_an_error()
    {
        var index = () => CoarseToFine.KernelIndex(0, 2, 0, 4, 3);
        index.Should().Throw<ArgumentException>().WithMessage("*4 scales*3*");
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(-1, 0)]
    [InlineData(0, 4)]
    [InlineData(0, -1)]
    public void A_stage_or_scale_that_is_not_there_is_an_error(int stage, int scale)
    {
        var index = () => CoarseToFine.KernelIndex(stage, 2, scale, 4, 5);
        index.Should().Throw<ArgumentOutOfRangeException>();
    }

    private static IEnumerable<int> Table(int stages, int kernels, bool enabled) =>
        from stage in Enumerable.Range(0, stages)
        from scale in Enumerable.Range(0, 4)
        select CoarseToFine.KernelIndex(stage, stages, scale, 4, kernels, enabled);
}
