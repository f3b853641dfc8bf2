namespace Mspn.Data;

/// <summary>Draws postures: standing, walking, running, sitting, jumping, arms up, bending, squatting, lunging and free ones.</summary>
internal static class PoseLibrary
{
    public static BodyPose Draw(SampleRandom random)
    {
        var kind = random.NextDouble();
        var pose = kind switch
        {
            < 0.26 => Standing(random),
            < 0.38 => Walking(random),
            < 0.50 => Running(random),
            < 0.60 => Sitting(random),
            < 0.68 => Jumping(random),
            < 0.76 => ArmsUp(random),
            < 0.82 => Bending(random),
            < 0.87 => Squatting(random),
            < 0.92 => Lunging(random),
            _ => Free(random),
        };
        return pose with
        {
            SpineRoll = pose.SpineRoll + random.Within(6),
            SpineTwist = pose.SpineTwist + random.Within(12),
            HeadYaw = random.Within(35),
            HeadPitch = pose.HeadPitch + random.Between(-12, 15),
            HeadRoll = random.Within(10),
        };
    }

    private static BodyPose Standing(SampleRandom random)
    {
        var (left, right) = ArmPoses.Free(random);
        return new BodyPose
        {
            SpinePitch = random.Between(-4, 8), LeftArm = left, RightArm = right, LeftLeg = StandingLeg(random), RightLeg = StandingLeg(random),
        };
    }

    private static BodyPose Walking(SampleRandom random)
    {
        var step = random.Between(12, 30);
        var swing = random.Between(5, 32);
        var front = new LegAngles(step, random.Between(0, 5), random.Between(2, 22), -5);
        var back = new LegAngles(-0.7f * step, random.Between(0, 5), random.Between(5, 38), random.Between(0, 20));
        return Striding(random, front, back, swing, 5, 45) with { SpinePitch = random.Between(0, 8) };
    }

    private static BodyPose Running(SampleRandom random)
    {
        var front = new LegAngles(random.Between(30, 72), random.Between(0, 8), random.Between(35, 100), random.Between(-5, 15));
        var back = new LegAngles(random.Between(-32, -5), random.Between(0, 8), random.Between(25, 95), random.Between(10, 35));
        var pose = Striding(random, front, back, random.Between(20, 48), 65, 108);
        return pose with { PelvisPitch = random.Between(0, 10), SpinePitch = random.Between(3, 14) };
    }

    private static BodyPose Lunging(SampleRandom random)
    {
        var front = new LegAngles(random.Between(45, 80), random.Between(0, 12), random.Between(50, 92));
        var back = new LegAngles(random.Between(-32, -10), random.Between(0, 12), random.Between(8, 50), random.Between(0, 25));
        var (left, right) = ArmPoses.Free(random);
        return Striding(random, front, back, 0, 0, 1) with { LeftArm = left, RightArm = right };
    }

    private static BodyPose Sitting(SampleRandom random)
    {
        var resting = random.Chance(0.6);
        var (left, right) = resting ? (RestingArm(random), RestingArm(random)) : ArmPoses.Free(random);
        return new BodyPose
        {
            PelvisPitch = random.Between(-10, 8), SpinePitch = random.Between(-4, 22), LeftArm = left, RightArm = right, Seated = true,
            LeftLeg = SittingLeg(random), RightLeg = SittingLeg(random),
        };
    }

    private static BodyPose Jumping(SampleRandom random)
    {
        var (left, right) = random.Chance(0.5) ? (ArmPoses.Up(random), ArmPoses.Up(random)) : (ArmPoses.Out(random), ArmPoses.Out(random));
        return new BodyPose
        {
            SpinePitch = random.Between(-8, 14), LeftArm = left, RightArm = right, LeftLeg = JumpingLeg(random), RightLeg = JumpingLeg(random),
        };
    }

    private static BodyPose ArmsUp(SampleRandom random)
    {
        var pose = Standing(random);
        var spread = random.Between(0, 25);
        var left = pose.LeftLeg with { Abduct = pose.LeftLeg.Abduct + spread };
        var right = pose.RightLeg with { Abduct = pose.RightLeg.Abduct + spread };
        return pose with { LeftArm = ArmPoses.Up(random), RightArm = ArmPoses.Up(random), LeftLeg = left, RightLeg = right };
    }

    private static BodyPose Bending(SampleRandom random)
    {
        var lean = random.Between(25, 60);
        var spine = random.Between(5, 25);
        ArmAngles Hanging() =>
            new(random.Between(0.6, 1.2) * (lean + spine), random.Between(0, 15), random.Between(0, 30), random.Between(0, 35));
        LegAngles Leg() => new(lean + random.Between(-8, 12), random.Between(2, 12), random.Between(0, 25));
        return new BodyPose
        {
            PelvisPitch = lean, SpinePitch = spine, HeadPitch = random.Between(-30, 5), LeftArm = Hanging(), RightArm = Hanging(),
            LeftLeg = Leg(), RightLeg = Leg(),
        };
    }

    private static BodyPose Squatting(SampleRandom random)
    {
        var lean = random.Between(5, 25);
        LegAngles Leg() => new(lean + random.Between(55, 95), random.Between(10, 30), random.Between(85, 125), -15);
        var (left, right) = random.Chance(0.5) ? (ArmPoses.Forward(random), ArmPoses.Forward(random)) : ArmPoses.Free(random);
        return new BodyPose
        {
            PelvisPitch = lean, SpinePitch = random.Between(0, 15), HeadPitch = -10, LeftArm = left, RightArm = right,
            LeftLeg = Leg(), RightLeg = Leg(),
        };
    }

    private static BodyPose Free(SampleRandom random)
    {
        LegAngles Leg() => new(random.Between(-25, 85), random.Between(0, 35), random.Between(0, 100), random.Between(-10, 25));
        return new BodyPose
        {
            PelvisPitch = random.Between(-8, 20), SpinePitch = random.Between(-10, 22), SpineRoll = random.Within(14),
            SpineTwist = random.Within(18),
            LeftArm = ArmPoses.Any(random), RightArm = ArmPoses.Any(random), LeftLeg = Leg(), RightLeg = Leg(),
        };
    }

    /// <summary>One leg in front, the arm of the other side too.</summary>
    private static BodyPose Striding(SampleRandom random, LegAngles front, LegAngles back, float swing, double elbowLow, double elbowHigh)
    {
        var forwards = ArmPoses.Swinging(random, swing, elbowLow, elbowHigh);
        var backwards = ArmPoses.Swinging(random, -swing, elbowLow, elbowHigh);
        return random.Chance(0.5)
            ? new BodyPose { LeftLeg = front, RightLeg = back, LeftArm = backwards, RightArm = forwards }
            : new BodyPose { LeftLeg = back, RightLeg = front, LeftArm = forwards, RightArm = backwards };
    }

    private static LegAngles StandingLeg(SampleRandom random) =>
        new(random.Between(-3, 9), random.Between(0, 13), random.Between(0, 12));

    private static LegAngles SittingLeg(SampleRandom random) =>
        new(random.Between(68, 95), random.Between(3, 22), random.Between(55, 100), random.Between(-5, 15));

    private static LegAngles JumpingLeg(SampleRandom random) =>
        new(random.Between(-8, 60), random.Between(3, 32), random.Between(10, 105), random.Between(5, 35));

    private static ArmAngles RestingArm(SampleRandom random) =>
        new(random.Between(15, 42), random.Between(2, 18), random.Between(0, 35), random.Between(20, 60));
}
