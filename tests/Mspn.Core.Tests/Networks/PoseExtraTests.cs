namespace Mspn.Core.Tests.Networks;

public class PoseExtraTests
{
    public static TheoryData<(int, int)[]> Impossible => new()
    {
        Array.Empty<(int, int)>(), new[] { (0, 1), (0, 1) }, new[] { (1, 1) }, new[] { (0, 2) }, new[] { (0, 0) },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void A_mirror_image_takes_every_channel_once_and_turns_it_or_not((int, int)[] mirror)
    {
        var make = () => new PoseExtra("depth", mirror);
        make.Should().Throw<ArgumentException>().WithMessage("*'depth'*");
    }

    [Fact]
    public void Its_mirror_image_is_its_own()
    {
        var mirror = new[] { (1, -1), (0, 1) };
        var extra = new PoseExtra("depth", mirror);
        mirror[0] = (0, 1);
        extra.Mirror.Should().Equal((1, -1), (0, 1));
    }
}
