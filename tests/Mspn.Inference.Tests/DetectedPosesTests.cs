using Mspn.Core;
using Mspn.Data;

namespace Mspn.Inference.Tests;

public sealed class DetectedPosesTests : IDisposable
{
    private readonly RgbImage _image = new(80, 60);
    private readonly PoseEstimator _estimator = new(new PoseModel(new BlobNetwork(), new PoseInput()));

    public void Dispose() => _estimator.Dispose();

    [Fact]
    public void Each_box_gets_its_pose_with_the_boxs_score()
    {
        PersonBox[] people = [new(new Box(5, 5, 30, 40), 0.75), new(new Box(0, 0, 60, 80), 0.5)];

        var poses = _estimator.Estimate(_image, people);

        poses.Select(p => new PersonBox(p.Box, p.BoxScore)).Should().Equal(people);
        poses[0].Score.Should().Be(0.75 * poses[0].PersonScore);
        poses[0].PersonScore.Should().Be(_estimator.Estimate(_image, people[0].Box).PersonScore);
    }

    [Fact]
    public void A_detector_is_asked_for_the_boxes_of_the_named_image()
    {
        using var detector = new Detector();

        _estimator.Estimate(_image, detector, "photo.jpg").Should().ContainSingle().Which.BoxScore.Should().Be(0.25);

        detector.Asked.Should().Be((_image, "photo.jpg"));
        detector.People = [];
        _estimator.Estimate(_image, detector).Should().BeEmpty();
    }

    [Fact]
    public void A_whole_image_is_one_person()
    {
        using var detector = new WholeImageDetector();
        _estimator.Estimate(_image, detector).Should().ContainSingle().Which.Box.Should().Be(new Box(0, 0, 60, 80));
    }

    [Fact]
    public void Known_boxes_are_the_same_in_every_image_that_they_fit()
    {
        using var detector = new FixedPersonDetector([new(new Box(50, 5, 8, 9), 1)]);
        _estimator.Estimate(_image, detector).Should().ContainSingle().Which.Box.Should().Be(new Box(50, 5, 8, 9));
        FluentActions.Invoking(() => detector.Detect(new RgbImage(80, 40), "narrow.png")).Should().Throw<PoseDataException>().WithMessage("narrow.png*80×40*");
    }

    private sealed class Detector : IPersonDetector
    {
        public PersonBox[] People { get; set; } = [new(new Box(1, 2, 30, 40), 0.25)];

        public (RgbImage, string?) Asked { get; private set; }

        public IReadOnlyList<PersonBox> Detect(RgbImage image, string? imageName = null, CancellationToken cancellation = default)
        {
            Asked = (image, imageName);
            return People;
        }

        public void Dispose()
        {
        }
    }
}
