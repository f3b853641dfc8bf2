using Mspn.Core;
using Mspn.Data;
using Mspn.Inference;

namespace Mspn.Onnx.Tests;

public class RealDetectorTests
{
    [SkippableFact]
    public void Most_people_of_real_photos_are_found_and_threads_do_not_matter()
    {
        using var detector = OnnxPersonDetector.Load(RealData.Path("detector", "yolox_nano.onnx"), new OnnxDetectorOptions { Threads = 1 });
        var file = CocoKeypointFile.Load(RealData.Path("coco-mini", "coco_mini_person_keypoints.json"));
        var images = file.Images.Select(image => RgbImage.Load(RealData.Path("coco-mini", "images", image.FileName!))).ToArray();
        var found = new IReadOnlyList<PersonBox>[images.Length];

        Parallel.For(0, images.Length, i => found[i] = detector.Detect(images[i]));

        var people = file.People.Where(p => p.LabelledKeypoints > 0 && !p.IsCrowd).ToArray();
        var boxes = file.Images.Select((image, i) => (image.Id, found[i])).ToDictionary(p => p.Id, p => p.Item2);
        var hit = people.Count(p => boxes[p.ImageId].Any(b => b.Box.IntersectionOverUnion(p.Box) >= 0.5));
        hit.Should().BeGreaterThan(people.Length * 2 / 3);
        found.SelectMany((some, i) => some.Select(b => b.Box is { IsValid: true } box && box.Overlaps(images[i].Size))).Should().OnlyContain(fits => fits);
        for (var i = 0; i < 5; i++)
        {
            detector.Detect(images[i]).Should().Equal(found[i]);
        }
    }
}
