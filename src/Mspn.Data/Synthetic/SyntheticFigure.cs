using System.Numerics;
using SkiaSharp;

namespace Mspn.Data;

/// <summary>One person of a scene: where each body point is, and what is drawn, from far to near.</summary>
internal sealed class SyntheticFigure
{
    private SyntheticFigure(BodyJoints joints, FigureView view, BodyShape shape, IReadOnlyList<BodyPart> parts, IReadOnlyList<BodyPart> props)
    {
        Joints = joints;
        View = view;
        Shape = shape;
        Parts = parts;
        Props = props;
    }

    public BodyJoints Joints { get; }

    public FigureView View { get; }

    public BodyShape Shape { get; }

    /// <summary>The body's parts in drawing order.</summary>
    public IReadOnlyList<BodyPart> Parts { get; }

    /// <summary>What is drawn before the body and is no part of it, such as a seat.</summary>
    public IReadOnlyList<BodyPart> Props { get; }

    /// <summary>Canvas position of a body point.</summary>
    public Vector2 this[BodyPoint point] => View.Map(Joints[point]);

    /// <param name="random">Where looks come from.</param>
    /// <param name="options">The data set's options.</param>
    /// <param name="slot">Which of the places side by side this person takes.</param>
    /// <param name="slots">Number of places.</param>
    /// <param name="background">The main colour behind them.</param>
    public static SyntheticFigure Draw(SampleRandom random, SyntheticPeopleOptions options, int slot, int slots, SKColor background)
    {
        var shape = BodyShape.Draw(random);
        var pose = PoseLibrary.Draw(random);
        var turn = (float)(options.MaxTurn * Math.Pow(random.NextDouble(), 1.5)) * (random.Chance(0.5) ? 1 : -1);
        var joints = BodyJoints.Solve(shape, pose, turn, random.Between(-3, 14));
        var view = FigurePlacement.Draw(random, options, joints, slot, slots);
        var outfit = Outfit.Draw(random, background);
        var limbs = new LimbBuilder(shape, joints, outfit, view);
        // A stable sort: parts of equal depth keep this order.
        BodyPart[] parts =
        [
            .. new HeadBuilder(shape, joints, outfit, view).Build().Prepend(new TorsoBuilder(shape, joints, outfit, view).Build())
                .Concat(limbs.Leg(Side.Left)).Concat(limbs.Leg(Side.Right)).Concat(limbs.Skirt())
                .Concat(limbs.Arm(Side.Left)).Concat(limbs.Arm(Side.Right))
                .OrderBy(part => part.Depth),
        ];
        return new SyntheticFigure(joints, view, shape, parts, pose.Seated ? [Seat(random, joints, view)] : []);
    }

    private static BodyPart Seat(SampleRandom random, BodyJoints joints, FigureView view)
    {
        var material = new Material(Palette.Any(random));
        var pelvis = joints[BodyPoint.Pelvis];
        var width = random.Between(0.1, 0.17);
        PartShape Box(float left, float top, float right, float bottom)
        {
            Vector2 Corner(float x, float y) => view.Map(pelvis + new Vector3(x, y, 0));
            return new PartShape(
                ConvexPolygon.Around([Corner(left, top), Corner(right, top), Corner(right, bottom), Corner(left, bottom)]), material,
                Corner(0, top), Corner(0, bottom), width * view.Scale);
        }
        return new BodyPart
        {
            Segment = Segment.Other, Depth = 0,
            Shapes = random.Chance(0.5)
                ? [Box(-width, -0.05f, width, -0.28f)]
                : [Box(-width, -0.05f, 0.025f - width, -0.3f), Box(width - 0.025f, -0.05f, width, -0.3f), Box(-width, -0.04f, width, -0.085f)],
        };
    }
}
