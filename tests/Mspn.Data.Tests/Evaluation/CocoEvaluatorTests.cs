using static Mspn.Data.Tests.Evaluation.CocoScenes;

namespace Mspn.Data.Tests.Evaluation;

public class CocoEvaluatorTests
{
    [Fact]
    public void Everybody_found_is_an_AP_of_one()
    {
        var evaluation = Evaluate([Person(1), Person(2, at: 200, size: 150)], [Found(0.9), Found(0.8, at: 200, size: 150)]);
        evaluation.Numbers.Should().AllSatisfy(n => n.Value.Should().BeApproximately(1, 1e-12, n.Name));
        evaluation.Counts.Should().Be(new CocoCounts(1, 2, 0, 2, 0));
        evaluation.Notes.Should().BeEmpty();
    }

    [Fact]
    public void A_false_result_that_is_surer_halves_precision_and_one_that_is_less_sure_costs_nothing()
    {
        Evaluate([Person(1)], [Found(0.5), Found(0.9, at: 300)]).AP.Should().BeApproximately(0.5, 1e-12);
        Evaluate([Person(1)], [Found(0.5), Found(0.1, at: 300)]).AP.Should().BeApproximately(1, 1e-12);
    }

    [Fact]
    public void Of_equal_scores_the_first_of_the_file_comes_first()
    {
        Evaluate([Person(1)], [Found(0.5), Found(0.5, at: 300)]).AP.Should().BeApproximately(1, 1e-12);
        Evaluate([Person(1)], [Found(0.5, at: 300), Found(0.5)]).AP.Should().BeApproximately(0.5, 1e-12);
    }

    [Fact]
    public void Equal_scores_of_different_images_follow_the_ids_of_the_images()
    {
        CocoPerson[] people = [Person(1, image: 1), Person(2, image: 2)];
        Evaluate(people, [Found(0.5, image: 2), Found(0.5, image: 1, at: 300)]).AP50.Should().BeLessThan(
            Evaluate(people, [Found(0.5, image: 1), Found(0.5, image: 2, at: 300)]).AP50);
    }

    [Fact]
    public void Results_that_match_a_crowd_are_neither_right_nor_wrong()
    {
        var crowd = Person(2, at: 300) with { IsCrowd = true, Keypoints = [], LabelledKeypoints = 0 };
        var evaluation = Evaluate([Person(1), crowd], [Found(0.5), Found(0.9, at: 300), Found(0.8, at: 310)]);
        evaluation.AP.Should().BeApproximately(1, 1e-12);
        evaluation.Counts.Ignored.Should().Be(1);
    }

    [Fact]
    public void The_files_ignore_flag_counts_for_nothing() =>
        Evaluate([Person(1) with { Ignore = true }], [Found(0.5)]).AP.Should().BeApproximately(1, 1e-12);

    [Fact]
    public void Only_the_best_twenty_of_an_image_count()
    {
        var wrong = Enumerable.Range(0, 20).Select(i => Found(0.9, at: 300 + 10 * i));
        var evaluation = Evaluate([Person(1)], [Found(0.1), .. wrong]);
        evaluation.AR.Should().Be(0);
        evaluation.Counts.DetectionsLeftOut.Should().Be(1);
        Evaluate([Person(1)], [Found(0.1), .. wrong], new() { MaxDetections = 21 }).AR.Should().Be(1);
    }

    [Fact]
    public void The_area_of_a_result_is_its_box_only_if_the_first_result_has_one()
    {
        // The false one is medium by its keypoints and large by its box, so with boxes it is no error among medium people.
        var big = Found(0.9, at: 300) with { Box = new(0, 0, 500, 500) };
        var right = Found(0.5) with { Box = new(0, 0, 50, 50) };
        Evaluate([Person(1)], [right with { Box = null }, big]).APMedium.Should().BeApproximately(0.5, 1e-12);
        Evaluate([Person(1)], [right, big]).APMedium.Should().BeApproximately(1, 1e-12);
    }

    [Fact]
    public void Without_masks_the_area_is_a_share_of_the_box()
    {
        var person = Person(1) with { Area = 0 };
        Evaluate([person], [Found(0.5, at: 1)]).Explain().Should().Contain("area of 0");
        var evaluator = new CocoEvaluator(Schema, new() { UseArea = false });
        var expected = new CocoEvaluator(Schema).Similarity(person with { Area = 50 * 50 * 0.53 }, Found(0.5, at: 1));
        evaluator.Similarity(person, Found(0.5, at: 1)).Should().BeApproximately(expected, 1e-12).And.BeInRange(0.8, 0.99);
    }

    [Fact]
    public void Similarity_is_the_mean_over_labelled_keypoints()
    {
        var person = Person(1) with { Keypoints = [new(0, 0, 2), new(0, 0, 0), new(50, 50, 1)] };
        var found = Found(1) with { Keypoints = [new(3, 4, 0), new(900, 900, 1), new(50, 50, 1)] };
        new CocoEvaluator(Schema).Similarity(person, found).Should().BeApproximately((Math.Exp(-25 / (2 * 0.01 * 2500)) + 1) / 2, 1e-12);
    }

    [Fact]
    public void Numbers_are_means_over_categories_and_results_of_others_are_left_out()
    {
        CocoPerson[] people = [Person(1), Person(2, at: 200, category: 2)];
        CocoResult[] results = [Found(0.5), Found(0.9, at: 200, category: 1), Found(0.9, category: 3)];
        Evaluate(people, results).AP.Should().BeApproximately(0.25, 1e-12);
        Evaluate(people, results).Counts.DetectionsLeftOut.Should().Be(1);
        Evaluate(people, results, new() { Categories = [1] }).AP.Should().BeApproximately(0.5, 1e-12);
    }

    [Fact]
    public void Categories_that_are_not_scored_may_have_other_keypoints()
    {
        CocoPerson[] people = [Person(1), Person(2, category: 2) with { Keypoints = [new(1, 1, 2)], LabelledKeypoints = 1 }];
        CocoResult[] results = [Found(0.5), Found(0.9, category: 2) with { Keypoints = [new(1, 1, 1)] }];
        Evaluate(people, results, new() { Categories = [1] }).AP.Should().BeApproximately(1, 1e-12);
    }

    [Fact]
    public void Images_without_people_cost_precision_and_a_subset_leaves_them_out()
    {
        CocoPerson[] people = [Person(1)];
        CocoResult[] results = [Found(0.5), Found(0.9, image: 2)];
        Evaluate(people, results).AP.Should().BeApproximately(0.5, 1e-12);
        Evaluate(people, results, new() { Images = [1] }).AP.Should().BeApproximately(1, 1e-12);
    }

    [Fact]
    public void Annotation_zero_is_lost_as_in_pycocotools_and_found_as_in_xtcocotools()
    {
        var lost = Evaluate([Person(0)], [Found(0.5)]);
        lost.AP.Should().Be(0);
        lost.Explain().Should().Contain("annotation 0");
        Evaluate([Person(0)], [Found(0.5)], new() { Rules = CocoRules.Xtcocotools }).AP.Should().BeApproximately(1, 1e-12);
    }

    [Fact]
    public void Keypoints_are_scored_in_people_who_were_found()
    {
        var found = Found(0.5) with { Keypoints = [new(3, 4, 0), new(25, 25, 1), new(50, 50, 1)] };
        var keypoints = Evaluate([Person(1), Person(2, at: 500)], [found]).Keypoints;
        keypoints.Select(k => k.Name).Should().Equal("a", "b", "c");
        keypoints.Select(k => k.Count).Should().Equal(1, 1, 1);
        keypoints[0].Similarity.Should().BeApproximately(Math.Exp(-25 / (2 * 0.01 * 2500)), 1e-12);
        keypoints[0].Error.Should().BeApproximately(0.1, 1e-12);
        keypoints[1].Error.Should().Be(0);
    }

    [Theory]
    [InlineData(19, 1)]
    [InlineData(20, 0)]
    public void Of_many_equal_scores_those_that_come_first_in_the_file_are_kept(int place, double recall)
    {
        var results = Enumerable.Range(0, 60).Select(i => Found(0.5, at: i == place ? 0 : 300)).ToArray();
        Evaluate([Person(1)], results).AR.Should().Be(recall);
    }
}
