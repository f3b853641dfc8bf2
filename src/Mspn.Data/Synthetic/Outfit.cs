using SkiaSharp;

namespace Mspn.Data;

/// <summary>What a surface is patterned with.</summary>
internal enum Pattern
{
    Plain, AcrossStripes, AlongStripes, Checks,
}

/// <summary>What a part of the body is covered with.</summary>
internal sealed record Material(SKColor Colour, Pattern Pattern = Pattern.Plain, SKColor Second = default);

/// <summary>What legs wear.</summary>
internal enum LegWear
{
    Trousers, Shorts, Skirt,
}

/// <summary>What a head wears.</summary>
internal enum HairStyle
{
    Short, Bob, Long, Ponytail, Curly, Cap,
}

/// <summary>How a person is dressed.</summary>
internal sealed record Outfit
{
    public required Material Skin { get; init; }
    public required Material Hair { get; init; }
    public required HairStyle HairStyle { get; init; }
    public required Material Shirt { get; init; }

    /// <summary>How far down the arm the sleeves reach: 0 none, 1 the elbow, 2 the wrist.</summary>
    public required float Sleeves { get; init; }

    public required LegWear LegWear { get; init; }
    public required Material Legs { get; init; }

    /// <summary>How far down the leg a skirt or shorts reach: 1 the knee.</summary>
    public required float Hem { get; init; }

    public required Material Shoes { get; init; }

    /// <summary>Colour of the cap, where there is one.</summary>
    public required Material Cap { get; init; }

    /// <summary>Dresses a person for a picture with that background.</summary>
    public static Outfit Draw(SampleRandom random, SKColor background)
    {
        var (skin, hair) = Palette.Person(random);
        var shirtColour = Palette.Unlike(random, background, skin);
        var shirt = Patterned(random, shirtColour, 0.45);
        var legWear = (LegWear)(random.NextInt(10) switch { < 6 => 0, < 8 => 1, _ => 2 });
        var legs = Patterned(random, Palette.Unlike(random, background, shirtColour, skin), 0.12);
        if (legWear == LegWear.Skirt && random.Chance(0.4))
        {
            legs = shirt; // A dress.
        }
        return new Outfit
        {
            Skin = new Material(skin),
            Hair = new Material(hair),
            HairStyle = (HairStyle)random.NextInt(6),
            Shirt = shirt,
            Sleeves = random.NextInt(10) switch { < 1 => 0, < 5 => random.Between(0.4, 0.8), < 6 => random.Between(1.2, 1.6), _ => 1.95f },
            LegWear = legWear,
            Legs = legs,
            Hem = legWear == LegWear.Skirt ? random.Between(0.55, 1.25) : random.Between(0.4, 0.95),
            Shoes = new Material(Palette.Unlike(random, background)),
            Cap = new Material(Palette.Unlike(random, background, skin)),
        };
    }

    private static Material Patterned(SampleRandom random, SKColor colour, double probability) => random.Chance(probability)
        ? new Material(
            colour, (Pattern)(1 + random.NextInt(3)), random.Chance(0.5) ? Palette.Any(random) : Palette.Shade(colour, random.Between(0.55, 0.8)))
        : new Material(colour);
}
