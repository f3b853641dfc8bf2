namespace Mspn.Core;

/// <summary>
/// Puts people together from connections, limb by limb: a connection continues the person who has one of its peaks, joins two people who
/// have no keypoint in common, or starts a person.
/// </summary>
/// <remarks>
/// Follows the reference's rules, odd ones included: a person found by the limb's end keeps the beginning it has, even none; a person
/// found by the beginning has its end replaced and counted once more. The reference fails if three people share the peaks of a connection;
/// here the first two count.
/// </remarks>
internal sealed class PersonAssembler(LimbLayout layout)
{
    private readonly List<Person> _people = [];

    /// <summary>Adds the connections of the next limb, in their order.</summary>
    public void Add(Limb limb, IEnumerable<LimbConnection> connections)
    {
        foreach (var connection in connections)
        {
            var owners = _people.Where(p => p.Peaks[limb.From] == connection.From.Id || p.Peaks[limb.To] == connection.To.Id).Take(2).ToArray();
            if (owners is [var first, var second] && !first.Overlaps(second))
            {
                first.Take(second, connection.Score);
                _people.Remove(second);
            }
            else if (owners.Length > 0)
            {
                // Two owners who cannot be one person: the first takes the end, whosever it is.
                if (owners.Length == 2 || owners[0].Peaks[limb.To] != connection.To.Id)
                {
                    owners[0].Put(connection.To, connection.Score);
                }
            }
            else if (limb.StartsPerson)
            {
                var person = new Person(layout.Keypoints.Count);
                person.Put(connection.From, connection.Score);
                person.Put(connection.To, 0);
                _people.Add(person);
            }
        }
    }

    /// <summary>Everybody who has enough parts and a high enough mean score, in the order in which they were begun.</summary>
    public IReadOnlyList<AssembledPerson> People(PartAffinityOptions options) =>
    [
        .. _people
            .Where(p => !(p.Parts < options.MinimumParts) && !(p.Score / p.Parts < options.MinimumMeanScore))
            .Select(p => new AssembledPerson(p.Peaks, p.Score, p.Parts)),
    ];

    private sealed class Person
    {
        public Person(int keypoints)
        {
            Peaks = new int[keypoints];
            Array.Fill(Peaks, -1);
        }

        public int[] Peaks { get; }

        public double Score { get; private set; }

        public int Parts { get; private set; }

        public void Put(KeypointPeak peak, double connection)
        {
            Peaks[peak.Keypoint] = peak.Id;
            Parts++;
            Score += peak.Score + connection;
        }

        public bool Overlaps(Person other) => Peaks.Zip(other.Peaks).Any(pair => pair.First >= 0 && pair.Second >= 0);

        public void Take(Person other, double connection)
        {
            for (var k = 0; k < Peaks.Length; k++)
            {
                Peaks[k] = Math.Max(Peaks[k], other.Peaks[k]);
            }
            Parts += other.Parts;
            Score += other.Score + connection;
        }
    }
}
