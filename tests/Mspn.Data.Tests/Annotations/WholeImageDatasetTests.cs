using Mspn.Core;
using Mspn.Data.Tests.Loading;

namespace Mspn.Data.Tests.Annotations;

public class WholeImageDatasetTests
{
    private static readonly SyntheticPeopleDataset People = new(
        KeypointSchemas.Lsp14, new SyntheticPeopleOptions { Count = 6, MinFiguresPerImage = 1, MaxFiguresPerImage = 3, ImageSize = new ImageSize(64, 80) });

    [Fact]
    public void Every_image_is_a_sample_with_everybody_in_it()
    {
        var images = new WholeImageDataset(People);

        images.Count.Should().Be(6);
        images.Schema.Should().Be(People.Schema);
        Enumerable.Range(0, 6).SelectMany(images.PeopleOf).Should().Equal(Enumerable.Range(0, People.Count));
        for (var i = 0; i < images.Count; i++)
        {
            var (sample, group) = (images[i], images.PeopleOf(i));
            sample.Box.Should().Be(new Box(0, 0, 80, 64));
            sample.ImageSize.Should().Be(new ImageSize(64, 80));
            sample.Area.Should().Be(80 * 64);
            sample.Others.Prepend(sample.Keypoints).Should().BeEquivalentTo(group.Select(p => People[p].Keypoints), o => o.WithStrictOrdering());
        }
        images.LoadImage(2).Pixels.Should().Equal(People.LoadImage(images.PeopleOf(2)[0]).Pixels);
    }

    [Fact]
    public void A_size_that_is_not_told_is_read_from_the_image()
    {
        People[0].ImageSize.Should().Be(new ImageSize(64, 80));
        var sizeless = new WatchedDataset(new Changed(People, (_, sample) => sample with { ImageSize = null }));
        var images = new WholeImageDataset(sizeless);

        images[0].Box.Should().Be(new Box(0, 0, 80, 64));

        images[0].Should().BeSameAs(images[0]);
        sizeless.Loads.Should().Be(1, "an image is read for its size once");
    }

    [Fact]
    public void What_is_ignored_in_an_image_comes_along_once()
    {
        var ignoring = new Changed(People, (i, sample) => sample with { Ignored = [new Box(1, 2, 3, 4), new Box(sample.ImageId, i, 9, 9)] });
        var images = new WholeImageDataset(ignoring);

        for (var i = 0; i < images.Count; i++)
        {
            images[i].Ignored.Should().BeEquivalentTo(images.PeopleOf(i).Select(p => new Box(i + 1, p, 9, 9)).Append(new Box(1, 2, 3, 4)));
        }
    }

    private sealed class Changed(IPoseDataset people, Func<int, PoseSample, PoseSample> change) : IPoseDataset
    {
        public KeypointSchema Schema => people.Schema;

        public int Count => people.Count;

        public PoseSample this[int index] => change(index, people[index]);

        public RgbImage LoadImage(int index) => people.LoadImage(index);
    }
}
