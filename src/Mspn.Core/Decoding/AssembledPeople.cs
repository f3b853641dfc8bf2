namespace Mspn.Core;

/// <summary>What <see cref="PartAffinityAssembler"/> finds in one image.</summary>
/// <param name="Peaks">All peaks: by keypoint, then from top to bottom, then from left to right; a peak's id is its index.</param>
/// <param name="People">The people, in the order in which they were begun.</param>
public sealed record AssembledPeople(IReadOnlyList<KeypointPeak> Peaks, IReadOnlyList<AssembledPerson> People)
{
    /// <summary>The people as positions, in pixels of the maps.</summary>
    /// <returns>In the same order; a person's score is the total score divided by the number of parts, a keypoint's is its peak's.</returns>
    public IReadOnlyList<PersonPrediction> ToPredictions() =>
        [.. People.Select(person => new PersonPrediction([.. person.Peaks.Select(Locate)], person.TotalScore / person.Parts))];

    private KeypointPrediction Locate(int id) =>
        id < 0 ? KeypointPrediction.Missing : new KeypointPrediction(Peaks[id].X, Peaks[id].Y, Peaks[id].Score);
}
