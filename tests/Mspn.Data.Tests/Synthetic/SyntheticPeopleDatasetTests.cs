using Mspn.Core;

namespace Mspn.Data.Tests.Synthetic;

public sealed class SyntheticPeopleDatasetTests
{
    private static readonly SyntheticPeopleOptions Crowded = new()
    {
        Count = 30, Seed = 3, ImageSize = new ImageSize(120, 160), MinFiguresPerImage = 1, MaxFiguresPerImage = 4,
    };

    public static TheoryData<string> SchemaNames => [.. KeypointSchemas.All.Select(s => s.Name)];

    public static TheoryData<SyntheticPeopleOptions> InvalidOptions =>
    [
        new() { Count = 0 },
        new() { ImageSize = new ImageSize(31, 160) },
        new() { ImageSize = new ImageSize(192, 5000) },
        new() { MinFiguresPerImage = 0 },
        new() { MinFiguresPerImage = 3, MaxFiguresPerImage = 2 },
        new() { MaxFiguresPerImage = 17 },
        new() { MinFigureHeight = 0 },
        new() { MinFigureHeight = 0.1, ImageSize = new ImageSize(100, 100) },
        new() { MinFigureHeight = 0.8, MaxFigureHeight = 0.7 },
        new() { MaxFigureHeight = 1.1 },
        new() { MaxTurn = 181 },
        new() { MaxRotation = -1 },
        new() { OcclusionProbability = 1.01 },
        new() { TruncationProbability = double.NaN },
        new() { ClutterProbability = -0.1 },
        new() { MaxNoise = 65 },
        new() { MaxBrightnessChange = 0.6 },
        new() { Count = int.MaxValue, MaxFiguresPerImage = 2 },
    ];

    [Fact]
    public void The_same_seed_gives_the_same_people_also_in_parallel()
    {
        var first = new SyntheticPeopleDataset(KeypointSchemas.Coco17, Crowded);
        var second = new SyntheticPeopleDataset(KeypointSchemas.Coco17, Crowded with { Count = 40 });
        var expected = Enumerable.Range(0, 20).Select(i => (Sample: first[i], Image: first.LoadImage(i))).ToArray();

        Parallel.For(0, 60, new ParallelOptions { MaxDegreeOfParallelism = 4 }, k =>
        {
            var i = 19 - k % 20;
            second[i].Keypoints.SequenceEqual(expected[i].Sample.Keypoints).Should().BeTrue();
            second[i].Box.Should().Be(expected[i].Sample.Box);
            SamePixels(second.LoadImage(i), expected[i].Image).Should().BeTrue();
        });
    }

    [Fact]
    public void Another_seed_gives_other_people()
    {
        var training = new SyntheticPeopleDataset(KeypointSchemas.Coco17, new SyntheticPeopleOptions { Count = 50, Seed = 1 });
        var heldOut = new SyntheticPeopleDataset(KeypointSchemas.Coco17, new SyntheticPeopleOptions { Count = 50, Seed = 2 });

        var boxes = Enumerable.Range(0, 50).SelectMany(i => new[] { training[i].Box, heldOut[i].Box }).ToArray();

        boxes.Should().OnlyHaveUniqueItems();
        SamePixels(training.LoadImage(0), heldOut.LoadImage(0)).Should().BeFalse();
        training[0].ImageName.Should().Be("synthetic/seed1/000001");
        heldOut[6].ImageName.Should().Be("synthetic/seed2/000007");
    }

    [Theory]
    [MemberData(nameof(SchemaNames))]
    public void Every_bundled_schema_is_annotated_within_image_and_box(string name)
    {
        var schema = KeypointSchemas.Get(name);
        var options = new SyntheticPeopleOptions { Count = 100, Seed = 7 };
        var people = new SyntheticPeopleDataset(schema, options);
        var size = options.ImageSize;

        for (var i = 0; i < people.Count; i++)
        {
            var sample = people[i];
            var (box, labelled) = (sample.Box, sample.Keypoints.Where(k => k.IsLabelled).ToArray());
            sample.Keypoints.Should().HaveCount(schema.Count);
            sample.Keypoints.Where(k => !k.IsLabelled).All(k => k == default).Should().BeTrue();
            labelled.Length.Should().BeGreaterThan(schema.Count / 3);
            labelled.All(k => k.X >= 0 && k.Y >= 0 && k.X <= size.Width - 1 && k.Y <= size.Height - 1).Should().BeTrue();
            labelled.All(k => k.X >= box.X && k.Y >= box.Y && k.X <= box.X + box.Width && k.Y <= box.Y + box.Height).Should().BeTrue();
            box.IsValid.Should().BeTrue();
            (box.X >= 0 && box.Y >= 0 && box.X + box.Width <= size.Width && box.Y + box.Height <= size.Height).Should().BeTrue();
            sample.Area.Should().BeInRange(0.1 * box.Width * box.Height, box.Width * box.Height);
        }
        people.LoadImage(0).Size.Should().Be(size);
    }

    [Fact]
    public void The_schema_does_not_change_the_picture()
    {
        var coco = new SyntheticPeopleDataset(KeypointSchemas.Coco17);
        var mpii = new SyntheticPeopleDataset(KeypointSchemas.Mpii16);

        SamePixels(mpii.LoadImage(5), coco.LoadImage(5)).Should().BeTrue();
        Position(mpii, 5, "left_knee").Should().Be(Position(coco, 5, "left_knee"));
    }

    [Fact]
    public void Visible_eyes_are_drawn_where_they_are_annotated()
    {
        var options = new SyntheticPeopleOptions
        {
            Count = 40, ImageSize = new ImageSize(384, 320), MaxTurn = 60, MaxNoise = 0, MaxBrightnessChange = 0,
        };
        var people = new SyntheticPeopleDataset(KeypointSchemas.Coco17, options);
        var eyes = 0;
        for (var i = 0; i < people.Count; i++)
        {
            var image = people.LoadImage(i);
            foreach (var eye in people[i].Keypoints.Skip(1).Take(2).Where(k => k.Visibility == 2))
            {
                eyes++;
                var pixel = ((int)Math.Round(eye.Y) * image.Width + (int)Math.Round(eye.X)) * 3;
                image.Pixels[pixel..(pixel + 3)].Max().Should().BeLessThan(100, "the iris is dark, in image {0}", i);
            }
        }
        eyes.Should().BeGreaterThan(30);
    }

    [Fact]
    public void Who_faces_the_camera_has_their_left_at_the_image_right()
    {
        var options = new SyntheticPeopleOptions { Count = 100, MaxTurn = 0, MaxRotation = 0, TruncationProbability = 0 };
        var people = new SyntheticPeopleDataset(KeypointSchemas.Coco17, options);

        for (var i = 0; i < people.Count; i++)
        {
            Position(people, i, "left_shoulder").X.Should().BeGreaterThan(Position(people, i, "right_shoulder").X);
            Position(people, i, "left_hip").X.Should().BeGreaterThan(Position(people, i, "right_hip").X);
            Position(people, i, "nose").Y.Should().BeLessThan(Position(people, i, "left_hip").Y);
        }
    }

    [Fact]
    public void Whose_back_is_seen_has_hidden_eyes_and_their_left_at_the_image_left()
    {
        var people = new SyntheticPeopleDataset(KeypointSchemas.Coco17, new SyntheticPeopleOptions { Count = 300, TruncationProbability = 0 });
        bool Hidden(int i, string name) => Position(people, i, name).Visibility < 2;

        var fromBehind = Enumerable.Range(0, people.Count)
            .Where(i => Position(people, i, "left_shoulder").X < Position(people, i, "right_shoulder").X - 20).ToArray();

        fromBehind.Length.Should().BeGreaterThan(15);
        var hiddenEyes = fromBehind.Count(i => Hidden(i, "left_eye") && Hidden(i, "right_eye"));
        // Some look over their shoulder.
        hiddenEyes.Should().BeGreaterThan(fromBehind.Length * 3 / 4);
    }

    [Fact]
    public void Occlusion_hides_keypoints_and_truncation_drops_them()
    {
        var clear = new SyntheticPeopleOptions { Count = 100, OcclusionProbability = 0, TruncationProbability = 0 };

        var plain = Visibilities(clear);
        var occluded = Visibilities(clear with { OcclusionProbability = 1 });
        var truncated = Visibilities(clear with { TruncationProbability = 1 });

        plain[0].Should().Be(0);
        occluded[0].Should().Be(0);
        occluded[1].Should().BeGreaterThan(plain[1] + 50);
        truncated[0].Should().BeGreaterThan(50);
    }

    [Fact]
    public void People_of_one_image_share_it()
    {
        var people = new SyntheticPeopleDataset(KeypointSchemas.CrowdPose14, Crowded);
        var samples = Enumerable.Range(0, people.Count).Select(i => people[i]).ToArray();
        var images = samples.GroupBy(s => s.ImageId).ToArray();

        samples.Select(s => s.Id).Should().Equal(Enumerable.Range(1, people.Count).Select(i => (long)i));
        images.Select(g => g.Key).Should().Equal(Enumerable.Range(1, people.ImageCount).Select(i => (long)i));
        images.Select(g => g.Count()).Distinct().Order().Should().Equal(1, 2, 3, 4);
        var crowd = images.First(g => g.Count() > 2).ToArray();
        crowd.Select(s => s.Box).Should().OnlyHaveUniqueItems();
        crowd.Select(s => s.ImageName).Distinct().Should().ContainSingle();
        SamePixels(people.LoadImage((int)crowd[0].Id - 1), people.LoadImage((int)crowd[2].Id - 1)).Should().BeTrue();
    }

    [Fact]
    public void An_unknown_keypoint_is_reported_with_the_known_ones()
    {
        var schema = new KeypointSchema { Name = "odd", Keypoints = ["nose", "tail"] };

        var act = () => new SyntheticPeopleDataset(schema);

        act.Should().Throw<ArgumentException>().WithMessage("*'tail'*'odd'*left_ankle*upper_neck*");
    }

    [Fact]
    public void Keypoint_names_are_found_whatever_their_case()
    {
        var schema = new KeypointSchema { Name = "hands", Keypoints = ["Left_Hand", "RIGHT_HAND", "head", "waist", "left_toe"] };

        new SyntheticPeopleDataset(schema)[0].Keypoints.Should().HaveCount(5);
    }

    [Theory]
    [MemberData(nameof(InvalidOptions))]
    public void Nonsense_is_rejected(SyntheticPeopleOptions options)
    {
        var act = () => new SyntheticPeopleDataset(KeypointSchemas.Coco17, options);

        act.Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void There_is_nobody_beyond_the_last()
    {
        var people = new SyntheticPeopleDataset(KeypointSchemas.Coco17, new SyntheticPeopleOptions { Count = 2 });

        people.Count.Should().Be(2);
        people.Invoking(p => p[2]).Should().Throw<ArgumentOutOfRangeException>();
        people.Invoking(p => p.LoadImage(-1)).Should().Throw<ArgumentOutOfRangeException>();
    }

    private static Keypoint Position(SyntheticPeopleDataset people, int index, string name) =>
        people[index].Keypoints[people.Schema.IndexOf(name)];

    private static bool SamePixels(RgbImage a, RgbImage b) => a.Pixels.AsSpan().SequenceEqual(b.Pixels);

    private static int[] Visibilities(SyntheticPeopleOptions options)
    {
        var people = new SyntheticPeopleDataset(KeypointSchemas.Coco17, options);
        var counts = new int[3];
        for (var i = 0; i < people.Count; i++)
        {
            foreach (var keypoint in people[i].Keypoints)
            {
                counts[(int)keypoint.Visibility]++;
            }
        }
        return counts;
    }
}
