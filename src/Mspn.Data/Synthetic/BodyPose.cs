namespace Mspn.Data;

/// <summary>The angles of one arm, degrees. All 0: hanging straight down.</summary>
/// <param name="Flex">Forwards (−: backwards).</param>
/// <param name="Abduct">Out to the side; 180 is straight up.</param>
/// <param name="Inner">Turn about the upper arm: at 0 the elbow bends forwards, at 90 across the body, at −90 outwards.</param>
/// <param name="Elbow">Bend of the elbow, 0 to 150.</param>
internal readonly record struct ArmAngles(float Flex, float Abduct, float Inner, float Elbow);

/// <summary>The angles of one leg, degrees. All 0: straight down.</summary>
/// <param name="Flex">Forwards (−: backwards).</param>
/// <param name="Abduct">Out to the side.</param>
/// <param name="Knee">Bend of the knee, 0 to 150.</param>
/// <param name="Ankle">Toes down (−: up).</param>
internal readonly record struct LegAngles(float Flex, float Abduct, float Knee, float Ankle = 0);

/// <summary>A posture: joint angles in degrees, independent of proportions.</summary>
internal sealed record BodyPose
{
    /// <summary>Forward lean of the hips.</summary>
    public float PelvisPitch { get; init; }

    /// <summary>Forward lean of the chest relative to the hips.</summary>
    public float SpinePitch { get; init; }

    /// <summary>Lean of the chest to the person's right.</summary>
    public float SpineRoll { get; init; }

    /// <summary>Turn of the chest to the person's left.</summary>
    public float SpineTwist { get; init; }

    /// <summary>Forward lean of neck and head relative to the chest.</summary>
    public float HeadPitch { get; init; }

    /// <summary>Turn of the head to the person's left.</summary>
    public float HeadYaw { get; init; }

    /// <summary>Lean of the head to the person's right.</summary>
    public float HeadRoll { get; init; }

    public ArmAngles LeftArm { get; init; }
    public ArmAngles RightArm { get; init; }
    public LegAngles LeftLeg { get; init; }
    public LegAngles RightLeg { get; init; }

    /// <summary>Whether the person needs something to sit on.</summary>
    public bool Seated { get; init; }

    public ArmAngles Arm(Side side) => side == Side.Left ? LeftArm : RightArm;

    public LegAngles Leg(Side side) => side == Side.Left ? LeftLeg : RightLeg;
}
