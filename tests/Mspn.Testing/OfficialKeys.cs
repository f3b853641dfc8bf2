using System.Globalization;
using System.Text.RegularExpressions;

namespace Mspn.Testing;

/// <summary>The official MSPN code's state-dict names for our parameters.</summary>
public static partial class OfficialKeys
{
    private static readonly string[] Layers = ["conv1", "conv2", "conv3", "shortcut"];

    /// <summary>The official name of one of our names, for networks of four levels.</summary>
    public static string Of(string ours)
    {
        var match = Pattern().Match(ours);
        if (!match.Success)
        {
            throw new ArgumentException($"'{ours}' is not a parameter of an MSPN.");
        }
        string G(string name) => match.Groups[name].Value;
        int N(string name) => int.Parse(G(name), CultureInfo.InvariantCulture);
        // Levels count from the finest (0), the official up-sampling units from the coarsest (1).
        string Unit() => $"stage{G("stage")}.upsample.up{4 - N("level")}";
        return (G("part") switch
        {
            "stem" => "top.conv",
            "encoder" => $"stage{G("stage")}.downsample.layer{N("level") + 1}.{G("block")}."
                + (G("layer") == "shortcut" ? "downsample" : $"conv_bn_relu{Array.IndexOf(Layers, G("layer")) + 1}"),
            "laterals" => Unit() + ".u_skip",
            // ups[l] carries level l + 1 to level l, and belongs to the unit of level l.
            "ups" => Unit() + ".up_conv",
            "links" => $"stage{G("stage")}.upsample.up4.cross_conv",
            "heads" => Unit() + $".res_{G("layer")}",
            "fromEncoder" => Unit() + ".skip1",
            _ => Unit() + ".skip2",
        }) + G("rest");
    }

    [GeneratedRegex(
        @"^(?:(?<part>stem)\.conv"
        + @"|stages\.(?<stage>\d+)\.(?<part>encoder)\.levels\.(?<level>\d+)\.(?<block>\d+)\.(?<layer>conv\d|shortcut)"
        + @"|stages\.(?<stage>\d+)\.decoder\.(?<part>laterals|ups)\.(?<level>\d+)"
        + @"|(?<part>links)\.(?<stage>\d+)"
        + @"|(?<part>heads)\.(?<stage>\d+)\.(?<level>\d+)\.(?<layer>conv\d)"
        + @"|aggregation\.(?<part>fromEncoder|fromDecoder)\.(?<stage>\d+)\.(?<level>\d+))"
        + @"(?<rest>\.(?:conv|bn)\..+)$")]
    private static partial Regex Pattern();
}
