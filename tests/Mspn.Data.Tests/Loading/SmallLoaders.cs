using Mspn.Core;

namespace Mspn.Data.Tests.Loading;

internal static class SmallLoaders
{
    public static SyntheticPeopleDataset People(int count) =>
        new(KeypointSchemas.Coco17, new SyntheticPeopleOptions { Count = count, ImageSize = new ImageSize(64, 64) });

    public static PoseDataLoader Loader(IPoseDataset people, PoseLoaderOptions options) => Loader(people, options, CropAugmentation.OfficialCoco);

    public static PoseDataLoader Loader(IPoseDataset people, PoseLoaderOptions options, ICropAugmentation? augmentation)
    {
        var encoder = new CropEncoder(
            people.Schema, new ImageSize(64, 48), new ImageSize(16, 12), new PoseInput(), new CoarseToFineHeatmapTarget(),
            augmentation);
        return new PoseDataLoader(people, encoder, options);
    }

    public static List<BatchContent> Contents(this IEnumerable<PoseBatch> batches)
    {
        var contents = new List<BatchContent>();
        foreach (var batch in batches)
        {
            using (batch)
            {
                contents.Add(new BatchContent(
                    [.. batch.Indices], batch.Images.data<float>().ToArray(), batch.Targets.Heatmaps.data<float>().ToArray(),
                    batch.Targets.Visibility.data<float>().ToArray()));
            }
        }
        return contents;
    }

    public static void ShouldEqual(this List<BatchContent> actual, List<BatchContent> expected)
    {
        actual.Should().HaveCount(expected.Count);
        for (var i = 0; i < actual.Count; i++)
        {
            actual[i].Indices.Should().Equal(expected[i].Indices);
            actual[i].Images.AsSpan().SequenceEqual(expected[i].Images).Should().BeTrue();
            actual[i].Targets.AsSpan().SequenceEqual(expected[i].Targets).Should().BeTrue();
            actual[i].Visibility.Should().Equal(expected[i].Visibility);
        }
    }
}

internal sealed record BatchContent(int[] Indices, float[] Images, float[] Targets, float[] Visibility);
