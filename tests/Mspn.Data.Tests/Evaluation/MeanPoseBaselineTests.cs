using Mspn.Core;
using Mspn.Data.Tests.Augmentation;

namespace Mspn.Data.Tests.Evaluation;

public class MeanPoseBaselineTests
{
    [Fact]
    public void Keypoints_go_to_their_mean_place_in_the_box()
    {
        var baseline = MeanPoseBaseline.Fit(new ListedDataset(
            People.Person(new Box(0, 0, 10, 20), new(5, 0, 2), new(2, 10, 1), new(0, 0, 0), new(0, 0, 0)),
            People.Person(new Box(100, 100, 20, 20), new(110, 110, 2), new(0, 0, 0), new(120, 120, 2), new(0, 0, 0))));

        var predicted = baseline.Predict(new Box(10, 20, 100, 200));

        predicted.Select(p => (Math.Round(p.X, 9), Math.Round(p.Y, 9))).Should().Equal((60, 70), (30, 120), (110, 220), (60, 120));
    }

    [Fact]
    public void It_is_better_than_nothing_and_far_from_perfect_on_drawn_people()
    {
        var people = new SyntheticPeopleDataset(KeypointSchemas.Coco17, new SyntheticPeopleOptions { Count = 200 });
        var baseline = MeanPoseBaseline.Fit(people);
        var evaluator = new PckEvaluator(KeypointSchemas.Coco17);
        for (var i = 0; i < people.Count; i++)
        {
            evaluator.Add(people[i], baseline.Predict(people[i].Box));
        }

        evaluator.Result().Value.Should().BeInRange(0.1, 0.7);
    }

    private sealed class ListedDataset(params PoseSample[] people) : IPoseDataset
    {
        public KeypointSchema Schema => People.Schema;

        public int Count => people.Length;

        public PoseSample this[int index] => people[index];

        public RgbImage LoadImage(int index) => throw new InvalidOperationException("The baseline needs no images.");
    }
}
