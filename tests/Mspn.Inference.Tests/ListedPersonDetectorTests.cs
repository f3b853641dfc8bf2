using Mspn.Core;
using Mspn.Data;

namespace Mspn.Inference.Tests;

public sealed class ListedPersonDetectorTests : IDisposable
{
    private static readonly RgbImage Image = new(100, 100);

    private readonly TemporaryFolder _folder = new();
    private readonly string _detections;
    private readonly string _annotations;

    public ListedPersonDetectorTests()
    {
        _detections = _folder.File("detections.json");
        _annotations = _folder.File("annotations.json");
        File.WriteAllText(_detections, """
            [{"image_id": 139, "category_id": 1, "bbox": [1, 2, 3, 4], "score": 0.2},
             {"image_id": 139, "category_id": 1, "bbox": [5, 6, 7, 8], "score": 0.9},
             {"image_id": 139, "category_id": 2, "bbox": [0, 0, 9, 9], "score": 0.9},
             {"image_id": 7, "file_name": "walk/7-left.png", "bbox": [500, 6, 7, 8], "score": 0.5}]
            """);
        File.WriteAllText(_annotations, """
            {"images": [{"id": 139, "file_name": "a/photo.jpg"}, {"id": 140, "file_name": "b/photo.jpg"}], "annotations": [],
             "categories": [{"id": 1, "name": "person", "keypoints": ["head"], "skeleton": []}]}
            """);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("000000000139.jpg")]
    [InlineData("/anywhere/139.png")]
    public void A_number_for_a_name_is_the_images_id_and_the_surest_comes_first(string name)
    {
        using var detector = ListedPersonDetector.Load(_detections);
        detector.Detect(Image, name).Should().Equal(new PersonBox(new Box(5, 6, 7, 8), 0.9), new PersonBox(new Box(1, 2, 3, 4), 0.2));
        detector.Detect(Image, "140.jpg").Should().BeEmpty();
    }

    [Fact]
    public void Weak_detections_and_other_categories_are_left_out()
    {
        using var sure = ListedPersonDetector.Load(_detections, leastScore: 0.5);
        sure.Detect(Image, "139.jpg").Should().ContainSingle();
        using var other = ListedPersonDetector.Load(_detections, category: 2);
        other.Detect(Image, "139.jpg").Should().Equal(new PersonBox(new Box(0, 0, 9, 9), 0.9));
    }

    [Theory]
    [InlineData("/photos/a/photo.jpg", 2)]
    [InlineData("a\\photo.jpg", 2)]
    [InlineData("b/photo.jpg", 0)]
    public void Annotations_tell_the_images_of_names(string name, int people)
    {
        using var detector = ListedPersonDetector.Load(_detections, _annotations);
        detector.Detect(Image, name).Should().HaveCount(people);
    }

    [Theory]
    [InlineData("photo.jpg")]
    [InlineData("000000000139.jpg")]
    public void A_name_that_annotations_do_not_tell_is_an_error(string name)
    {
        using var detector = ListedPersonDetector.Load(_detections, _annotations);
        FluentActions.Invoking(() => detector.Detect(Image, name)).Should().Throw<PoseDataException>().WithMessage($"{_annotations}*'{name}'*");
    }

    [Fact]
    public void A_name_that_is_no_number_is_an_error_without_annotations()
    {
        using var detector = ListedPersonDetector.Load(_detections);
        FluentActions.Invoking(() => detector.Detect(Image, "photo.jpg")).Should().Throw<PoseDataException>().WithMessage($"{_detections}*'photo.jpg'*");
        FluentActions.Invoking(() => detector.Detect(Image)).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void File_names_beside_the_detections_tell_the_image_and_a_box_outside_it_is_an_error()
    {
        using var detector = ListedPersonDetector.Load(_detections);
        detector.Detect(new RgbImage(100, 600), "films/walk/7-left.png").Should().ContainSingle();
        FluentActions.Invoking(() => detector.Detect(Image, "walk/7-left.png")).Should().Throw<PoseDataException>().WithMessage($"{_detections}*walk/7-left.png*100×100*");
    }

    [Fact]
    public void A_person_without_a_box_is_an_error()
    {
        File.WriteAllText(_detections, """[{"image_id": 3, "keypoints": [1, 2, 3], "score": 1}]""");
        FluentActions.Invoking(() => ListedPersonDetector.Load(_detections)).Should().Throw<PoseDataException>().WithMessage($"{_detections}*result 0*image 3*");
    }

    [Fact]
    public void One_name_for_two_images_is_an_error()
    {
        File.WriteAllText(_annotations, """{"images": [{"id": 1, "file_name": "photo.jpg"}, {"id": 2, "file_name": "photo.jpg"}], "annotations": [], "categories": []}""");
        FluentActions.Invoking(() => ListedPersonDetector.Load(_detections, _annotations)).Should().Throw<PoseDataException>().WithMessage($"{_annotations}*'photo.jpg', 1 and 2*");
        File.WriteAllText(_detections, """
            [{"image_id": 1, "file_name": "photo.jpg", "category_id": 1, "bbox": [1, 2, 3, 4], "score": 1},
             {"image_id": 2, "file_name": "photo.jpg", "category_id": 1, "bbox": [1, 2, 3, 4], "score": 1}]
            """);
        FluentActions.Invoking(() => ListedPersonDetector.Load(_detections)).Should().Throw<PoseDataException>().WithMessage($"{_detections}*'photo.jpg', 1 and 2*");
    }

    [Fact]
    public void Names_written_with_results_are_read_again()
    {
        CocoResults.Write(_detections, [new CocoResult { ImageId = 1, ImageName = "sea/wave.jpg", Box = new Box(1, 1, 2, 2), Score = 1 }]);
        using var detector = ListedPersonDetector.Load(_detections);
        detector.Detect(Image, "/home/sea/wave.jpg").Should().ContainSingle();
        CocoResults.Read(_detections).Single().ImageName.Should().Be("sea/wave.jpg");
    }
}
