namespace Mspn.Data;

/// <summary>A person's proportions. Lengths in units of stature: a straight standing body is 1 high.</summary>
internal sealed record BodyShape
{
    public required float UpperArm { get; init; }
    public required float Forearm { get; init; }
    public required float Hand { get; init; }
    public required float Thigh { get; init; }
    public required float Shin { get; init; }
    public required float AnkleHeight { get; init; }
    public required float Foot { get; init; }
    public required float Torso { get; init; }
    public required float Neck { get; init; }
    public required float Head { get; init; }
    public required float ShoulderHalfWidth { get; init; }
    public required float HipHalfWidth { get; init; }

    /// <summary>Thickness of limbs: 1 for an average build.</summary>
    public required float Limbs { get; init; }

    /// <summary>Thickness of the torso, likewise.</summary>
    public required float Girth { get; init; }

    /// <summary>Draws a child or an adult. Heads are a little larger than life, which keeps faces readable in small pictures.</summary>
    public static BodyShape Draw(SampleRandom random)
    {
        var child = random.Chance(0.2);
        var ankle = 0.035f;
        var shin = (child ? 0.215f : 0.24f) * random.Factor(0.05);
        var thigh = (child ? 0.215f : 0.24f) * random.Factor(0.05);
        var torso = (child ? 0.29f : 0.285f) * random.Factor(0.05);
        var neck = 0.04f * random.Factor(0.15);
        var head = (child ? 0.215f : 0.175f) * random.Factor(0.05);
        var unit = 1 / (ankle + shin + thigh + torso + neck + head);
        var arm = unit * (child ? 0.92f : 1f) * random.Factor(0.05);
        var build = random.Factor(0.14);
        return new BodyShape
        {
            AnkleHeight = ankle * unit,
            Shin = shin * unit,
            Thigh = thigh * unit,
            Torso = torso * unit,
            Neck = neck * unit,
            Head = head * unit,
            UpperArm = 0.168f * arm,
            Forearm = 0.148f * arm,
            Hand = 0.055f * arm,
            Foot = 0.105f * unit * random.Factor(0.08),
            ShoulderHalfWidth = (child ? 0.098f : 0.112f) * unit * random.Factor(0.07),
            HipHalfWidth = 0.058f * unit * random.Factor(0.08),
            Limbs = build * random.Factor(0.08),
            Girth = build * random.Factor(0.1),
        };
    }
}
