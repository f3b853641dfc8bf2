namespace Mspn.Core.Tests.Decoding;

public class GaussianFilterTests
{
    private static readonly ImageSize Size = new(4, 5);

    private static readonly double[] Map = [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0.5, 0, 0.25, 0, 0, 0, 0];

    // scipy.ndimage.gaussian_filter(map, sigma) of SciPy 1.10
    private static readonly double[] SigmaOne =
    [
        0.08848021393161346, 0.12130888311455862, 0.07879499751849312, 0.0277679134090165, 0.009996940341306437,
        0.12929803674143742, 0.17357379342455762, 0.12783629031489138, 0.07070201420184465, 0.03769049700649697,
        0.12003626003265266, 0.13050108553568646, 0.11179976841989296, 0.09477240981343227, 0.06080789186155667,
        0.12065963724709922, 0.07897777588100481, 0.05933260542872965, 0.06357787854563698, 0.04408510723009218,
    ];

    private static readonly double[] SigmaThree =
    [
        0.09602774441418585, 0.09270109543016716, 0.08729556702023542, 0.08185503795421406, 0.07847525131186382,
        0.096035467199001, 0.09275643860087844, 0.08742919593558068, 0.08206888612891407, 0.07873980261156321,
        0.09604759651434103, 0.09283530462071511, 0.08761779327535726, 0.08236995270690943, 0.07911197113198587,
        0.09605028757065212, 0.09288563871190554, 0.0877464542447034, 0.0825788803122213, 0.07937163430460531,
    ];

    [Fact]
    public void Values_are_SciPys() => Check(sigma: 1, SigmaOne);

    [Fact]
    public void A_kernel_wider_than_the_map_is_reflected_again_and_again() => Check(sigma: 3, SigmaThree);

    [Fact]
    public void Nothing_is_left_over_from_the_map_before()
    {
        var filter = new GaussianFilter(1, Size);
        var first = filter.Apply(Map).ToArray();
        filter.Apply(new double[Map.Length]).ToArray().Should().OnlyContain(v => v == 0);
        filter.Apply(Map).ToArray().Should().Equal(first);
    }

    private static void Check(double sigma, double[] expected)
    {
        var smooth = new GaussianFilter(sigma, Size).Apply(Map).ToArray();

        smooth.Zip(expected).Should().OnlyContain(p => Math.Abs(p.First - p.Second) < 1e-15);
    }
}
