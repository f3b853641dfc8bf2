using Mspn.Core;

namespace Mspn.Data.Tests.Annotations;

public class RealAnnotationTests
{
    [SkippableFact]
    public void Sports_photos_load_and_crop()
    {
        var people = CocoKeypointDataset.Load(
            RealData.Path("lspet", "annotations", "lspet_val.json"), RealData.Path("lspet", "images"), KeypointSchemas.Lsp14);
        people.Count.Should().BeGreaterThan(500);
        CropSome(people);
    }

    [SkippableFact]
    public void Coco_photos_load_and_crop_with_the_files_own_category()
    {
        var people = CocoKeypointDataset.Load(
            RealData.Path("coco-mini", "coco_mini_person_keypoints.json"), RealData.Path("coco-mini", "images"));
        people.Schema.Keypoints.Should().Equal(KeypointSchemas.Coco17.Keypoints);
        people.Schema.FlipPairs.Should().BeEquivalentTo(KeypointSchemas.Coco17.FlipPairs);
        people.SkippedCrowds.Should().BeGreaterThan(0);
        CropSome(people);
    }

    private static void CropSome(CocoKeypointDataset people)
    {
        var size = new ImageSize(128, 96);
        var encoder = new CropEncoder(people.Schema, size, new ImageSize(32, 24), new PoseInput(), new CoarseToFineHeatmapTarget());
        var pixels = new float[encoder.ImageLength];
        var targets = new float[encoder.TargetLength];
        var visibility = new float[people.Schema.Count];
        for (var i = 0; i < people.Count; i += Math.Max(1, people.Count / 25))
        {
            var moved = encoder.Encode(people[i], people.LoadImage(i), new SampleRandom(0), pixels, targets, visibility);
            pixels.Max().Should().BeGreaterThan(pixels.Min(), "a photo is not one colour");
            // An evaluation crop holds its person's whole box, and with it the labelled keypoints that lie inside it.
            var (box, keypoints) = (people[i].Box, people[i].Keypoints);
            for (var k = 0; k < moved.Length; k++)
            {
                var inBox = keypoints[k].IsLabelled && keypoints[k].X >= box.X && keypoints[k].X <= box.X + box.Width
                    && keypoints[k].Y >= box.Y && keypoints[k].Y <= box.Y + box.Height;
                if (inBox)
                {
                    visibility[k].Should().Be(keypoints[k].Visibility);
                }
            }
        }
    }
}
