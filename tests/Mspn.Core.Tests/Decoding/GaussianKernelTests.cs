namespace Mspn.Core.Tests.Decoding;

public class GaussianKernelTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(11)]
    [InlineData(15)]
    public void Weights_are_symmetric_fall_outwards_and_sum_to_one(int size)
    {
        var kernel = GaussianKernel.OfSize(size);
        kernel.Should().HaveCount(size);
        kernel.Sum().Should().BeApproximately(1, 1e-12);
        kernel.Reverse().Zip(kernel).Should().OnlyContain(p => Math.Abs(p.First - p.Second) < 1e-15);
        kernel.Take(size / 2 + 1).Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(-1)]
    public void Even_sizes_are_refused(int size)
    {
        var make = () => GaussianKernel.OfSize(size);
        make.Should().Throw<ArgumentOutOfRangeException>();
    }

    [Theory]
    [InlineData(-1, 5, 1)]
    [InlineData(-4, 5, 4)]
    [InlineData(5, 5, 3)]
    [InlineData(8, 5, 0)]
    [InlineData(9, 5, 1)]
    [InlineData(2, 5, 2)]
    [InlineData(-3, 1, 0)]
    [InlineData(-3, 2, 1)]
    public void Pixels_beyond_an_edge_are_mirrored_without_repeating_it(int index, int length, int expected) =>
        GaussianKernel.Reflect101(index, length).Should().Be(expected);

    [Fact]
    public void Without_a_pixel_there_is_nothing_to_mirror() =>
        FluentActions.Invoking(() => GaussianKernel.Reflect101(3, 0)).Should().Throw<ArgumentOutOfRangeException>();
}
