namespace Mspn.Data;

/// <summary>Draws what arms do.</summary>
internal static class ArmPoses
{
    /// <summary>Both arms, in one of the ways in which people who stand about hold them; half the time alike.</summary>
    public static (ArmAngles Left, ArmAngles Right) Free(SampleRandom random)
    {
        var first = random.NextInt(10);
        var second = random.Chance(0.5) ? first : random.NextInt(10);
        return (Free(random, first), Free(random, second));
    }

    public static ArmAngles Relaxed(SampleRandom random) =>
        new(random.Between(-12, 15), random.Between(4, 18), random.Between(0, 40), random.Between(3, 28));

    public static ArmAngles Up(SampleRandom random) =>
        new(random.Between(-10, 15), random.Between(138, 172), random.Between(-70, -20), random.Between(3, 45));

    public static ArmAngles Out(SampleRandom random) =>
        new(random.Between(-10, 20), random.Between(65, 115), random.Between(-90, 0), random.Between(0, 35));

    public static ArmAngles Forward(SampleRandom random) =>
        new(random.Between(55, 100), random.Between(-5, 25), random.Between(0, 40), random.Between(0, 45));

    /// <summary>Bent and swinging, as in running: <paramref name="swing"/> degrees forwards.</summary>
    public static ArmAngles Swinging(SampleRandom random, float swing, double elbowLow, double elbowHigh) =>
        new(swing, random.Between(3, 16), random.Between(0, 35), random.Between(elbowLow, elbowHigh));

    /// <summary>Anything within the joints' limits.</summary>
    public static ArmAngles Any(SampleRandom random)
    {
        var abduct = random.Between(0, 160);
        // An arm that is already raised sideways has little room left to swing.
        var flex = abduct > 90 ? random.Between(-10, 25) : random.Between(-35, 95);
        return new ArmAngles(flex, abduct, random.Between(-90, 80), random.Between(0, 130));
    }

    private static ArmAngles Free(SampleRandom random, int kind) => kind switch
    {
        0 or 1 or 2 => Relaxed(random),
        3 => new ArmAngles(random.Between(-20, 5), random.Between(32, 52), random.Between(70, 95), random.Between(80, 108)), // On the hip.
        4 => new ArmAngles(random.Between(22, 42), random.Between(0, 12), random.Between(45, 75), random.Between(80, 112)), // Folded.
        5 => new ArmAngles(random.Between(-5, 15), random.Between(75, 120), random.Between(-100, -70), random.Between(45, 115)), // Waving.
        6 => Forward(random),
        7 => Out(random),
        8 => Up(random),
        _ => new ArmAngles(random.Between(25, 55), random.Between(10, 35), random.Between(0, 30), random.Between(105, 140)), // Near the face.
    };
}
