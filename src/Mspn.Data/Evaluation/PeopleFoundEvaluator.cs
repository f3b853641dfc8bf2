using Mspn.Core;

namespace Mspn.Data;

/// <summary>
/// Counts who is found in whole images: people found and people annotated are paired greedily, those with the most correct keypoints first, and a
/// pair with enough of them is a person found. Not thread-safe.
/// </summary>
public sealed class PeopleFoundEvaluator
{
    private readonly double _threshold;
    private readonly double _share;
    private PeopleFoundResult _result = new() { People = 0, Found = 0, False = 0, Keypoints = 0, CorrectKeypoints = 0 };

    /// <summary>Creates an empty evaluator.</summary>
    /// <param name="threshold">A keypoint is correct if its distance is below this fraction of the longer side of the person's box. Default 0.1.</param>
    /// <param name="share">A person is found if at least this share of the labelled keypoints is correct. Default a half.</param>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is not positive, or the share not above 0 and at most 1.</exception>
    public PeopleFoundEvaluator(double threshold = 0.1, double share = 0.5)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threshold);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        (_threshold, _share) = (threshold, share);
    }

    /// <summary>What was counted so far.</summary>
    public PeopleFoundResult Result => _result;

    /// <summary>Adds one image.</summary>
    /// <param name="annotated">Its people. Those without labelled keypoints are left out.</param>
    /// <param name="found">The keypoints of the people found, in image pixels; missing ones are wrong.</param>
    /// <exception cref="ArgumentException">Somebody found has another number of keypoints than somebody annotated.</exception>
    public void Add(IReadOnlyList<PoseSample> annotated, IReadOnlyList<IReadOnlyList<KeypointPrediction>> found)
    {
        ArgumentNullException.ThrowIfNull(annotated);
        ArgumentNullException.ThrowIfNull(found);
        var people = annotated.Where(person => person.Keypoints.Any(k => k.IsLabelled)).ToArray();
        var pairs =
            from person in Enumerable.Range(0, people.Length)
            from candidate in Enumerable.Range(0, found.Count)
            let correct = CountCorrect(people[person], found[candidate])
            where correct > 0 && correct >= _share * people[person].Keypoints.Count(k => k.IsLabelled)
            orderby correct descending
            select (person, candidate, correct);
        var (takenPeople, takenCandidates, correctKeypoints) = (new HashSet<int>(), new HashSet<int>(), 0);
        foreach (var (person, candidate, correct) in pairs)
        {
            if (!takenPeople.Contains(person) && !takenCandidates.Contains(candidate))
            {
                takenPeople.Add(person);
                takenCandidates.Add(candidate);
                correctKeypoints += correct;
            }
        }
        var ignored = annotated.SelectMany(person => person.Ignored).Distinct().ToArray();
        _result = new PeopleFoundResult
        {
            People = _result.People + people.Length,
            Found = _result.Found + takenPeople.Count,
            False = _result.False
                + Enumerable.Range(0, found.Count).Count(i => !takenCandidates.Contains(i) && !ignored.Any(box => MostlyIn(box, found[i]))),
            Keypoints = _result.Keypoints + people.Sum(person => person.Keypoints.Count(k => k.IsLabelled)),
            CorrectKeypoints = _result.CorrectKeypoints + correctKeypoints,
        };
    }

    private int CountCorrect(PoseSample person, IReadOnlyList<KeypointPrediction> found)
    {
        if (found.Count != person.Keypoints.Count)
        {
            throw new ArgumentException($"Somebody found has {found.Count} keypoints, but annotation {person.Id} has {person.Keypoints.Count}.", nameof(found));
        }
        var reach = _threshold * Math.Max(person.Box.Width, person.Box.Height);
        // The distance of a missing keypoint is not a number, which is below nothing.
        return person.Keypoints.Zip(found).Count(pair => pair.First.IsLabelled
            && Math.Sqrt(Math.Pow(pair.First.X - pair.Second.X, 2) + Math.Pow(pair.First.Y - pair.Second.Y, 2)) < reach);
    }

    private static bool MostlyIn(Box box, IReadOnlyList<KeypointPrediction> person)
    {
        var inside = person.Count(k => k.X >= box.X && k.Y >= box.Y && k.X <= box.X + box.Width && k.Y <= box.Y + box.Height);
        return 2 * inside > person.Count(k => k.IsFound);
    }
}
