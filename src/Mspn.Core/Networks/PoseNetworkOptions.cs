using System.Text.Json.Serialization;

namespace Mspn.Core;

/// <summary>
/// What one of the library's networks is made of: everything needed to build it again. Model files hold it; the names in the attributes are those
/// in the files.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(MspnOptions), "mspn")]
[JsonDerivedType(typeof(ResidualStepsOptions), "rsn")]
[JsonDerivedType(typeof(StackedHourglassOptions), "hourglass")]
[JsonDerivedType(typeof(CascadedPyramidOptions), "cpn")]
[JsonDerivedType(typeof(SimpleBaselineOptions), "simplebaseline")]
[JsonDerivedType(typeof(OpenPoseOptions), "openpose")]
public abstract record PoseNetworkOptions
{
    /// <summary>What the heat maps stand for. Default <see cref="KeypointSchemas.Coco17"/> unless a network says otherwise.</summary>
    [JsonIgnore]
    public KeypointSchema Keypoints { get; init; } = KeypointSchemas.Coco17;

    /// <summary>Height and width of the images. Default 256×192 unless a network says otherwise.</summary>
    public ImageSize InputSize { get; init; } = new(256, 192);

    /// <summary>
    /// Whether the finest features also give offsets to the keypoints (<see cref="PoseExtra.Offsets"/>), as in G-RMI (Papandreou et al. 2017).
    /// Default false.
    /// </summary>
    public bool KeypointOffsets { get; init; }

    /// <summary>Builds the network with fresh random weights; the caller disposes it.</summary>
    /// <exception cref="ArgumentException">An option is out of range; the message names it.</exception>
    public abstract IPoseNetwork Build();

    /// <summary>Builds the network for weights that are about to be loaded: its convolutions' values are undefined.</summary>
    internal IPoseNetwork BuildWithoutValues() => Layers.WithoutValues(Build);

    /// <summary>Checks the values.</summary>
    /// <returns>These options.</returns>
    /// <exception cref="ArgumentException">One is out of range; the message names it.</exception>
    public abstract PoseNetworkOptions Validated();

    /// <summary>The extras that these options ask for.</summary>
    internal virtual IReadOnlyList<PoseExtra> CreateExtras() => KeypointOffsets ? [PoseExtra.OfKeypointOffsets(Keypoints)] : [];

    /// <summary>Makes sure that numbers are at least 1, and that there are keypoints.</summary>
    private protected void CheckPositive(params (string Name, int Value)[] numbers)
    {
        ArgumentNullException.ThrowIfNull(Keypoints, nameof(Keypoints));
        foreach (var (name, value) in numbers)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, name);
        }
    }

    /// <summary>Makes sure that there is at least one number, and that all are at least 1.</summary>
    internal static void CheckPositive(string name, IReadOnlyList<int> numbers)
    {
        ArgumentNullException.ThrowIfNull(numbers, name);
        if (numbers.Count == 0 || numbers.Any(n => n < 1))
        {
            throw new ArgumentException($"{name} needs at least one number, each at least 1, not [{string.Join(", ", numbers)}].", name);
        }
    }
}
