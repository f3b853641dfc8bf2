namespace Mspn.Data.Tests.Loading;

public class SampleRandomTests
{
    [Fact]
    public void Numbers_are_fixed_by_seed_epoch_and_index()
    {
        ulong First(long seed, long epoch, long index) => new SampleRandom(seed, epoch, index).NextUInt64();

        First(1, 2, 3).Should().Be(First(1, 2, 3));
        new[] { First(1, 2, 3), First(2, 2, 3), First(1, 3, 3), First(1, 2, 4), First(3, 2, 1), First(1, -2, 3) }.Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void Numbers_never_change_between_versions()
    {
        var random = new SampleRandom(1, 2, 3);

        new[] { random.NextUInt64(), random.NextUInt64() }.Should().Equal(15925659190040627001UL, 6588988029983277238UL);
    }

    [Fact]
    public void Uniform_numbers_fill_their_range()
    {
        var random = new SampleRandom(1);
        var numbers = Enumerable.Range(0, 20000).Select(_ => random.NextDouble()).ToArray();

        numbers.Should().OnlyContain(n => n >= 0 && n < 1);
        numbers.Average().Should().BeApproximately(0.5, 0.01);
        numbers.Min().Should().BeLessThan(0.001);
        numbers.Max().Should().BeGreaterThan(0.999);
    }

    [Fact]
    public void Normal_numbers_have_mean_0_and_deviation_1()
    {
        var random = new SampleRandom(2);
        var numbers = Enumerable.Range(0, 20000).Select(_ => random.NextGaussian()).ToArray();

        numbers.Should().OnlyContain(n => double.IsFinite(n));
        numbers.Average().Should().BeApproximately(0, 0.03);
        Math.Sqrt(numbers.Average(n => n * n)).Should().BeApproximately(1, 0.03);
        numbers.Count(n => n < 0.5).Should().BeCloseTo(13829, 300);
    }

    [Fact]
    public void Ranges_and_chances_keep_to_their_limits()
    {
        IRandomSource random = new SampleRandom(3);
        for (var i = 0; i < 1000; i++)
        {
            random.NextRange(-2, 5).Should().BeInRange(-2, 5);
            random.NextChance(0).Should().BeFalse();
            random.NextChance(1).Should().BeTrue();
        }
        Enumerable.Range(0, 10000).Count(_ => random.NextChance(0.3)).Should().BeCloseTo(3000, 200);
    }

    [Fact]
    public void Whole_numbers_take_every_value_below_the_limit()
    {
        var random = new SampleRandom(4);

        Enumerable.Range(0, 1000).Select(_ => random.NextInt(7)).Distinct().Order().Should().Equal(0, 1, 2, 3, 4, 5, 6);
        FluentActions.Invoking(() => random.NextInt(0)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void A_shuffle_keeps_every_item_and_no_place_is_preferred()
    {
        var counts = new int[5];
        for (var seed = 0; seed < 5000; seed++)
        {
            int[] items = [0, 1, 2, 3, 4];
            new SampleRandom(seed).Shuffle(items.AsSpan());
            items.Order().Should().Equal(0, 1, 2, 3, 4);
            counts[Array.IndexOf(items, 0)]++;
        }
        counts.Should().OnlyContain(c => c > 850 && c < 1150);
    }
}
