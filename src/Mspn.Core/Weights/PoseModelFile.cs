using System.Text.Json;
using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>
/// The library's own weight format: a safetensors file whose metadata holds the network's options, keypoints and input preparation, so
/// that loading needs nothing but the file.
/// </summary>
public static class PoseModelFile
{
    private const string OwnKeys = "mspn.";
    private const string NetworkKey = "mspn.network";
    private const string SchemaKey = "mspn.keypoints";
    private const string InputKey = "mspn.input";

    /// <summary>How the library's records are written as JSON.</summary>
    internal static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false), new ImageSizeConverter(), new KeypointSchemaConverter() },
    };

    /// <summary>Writes a network with all it needs. The file appears under its name only when it is complete.</summary>
    /// <param name="path">The file, usually <c>.safetensors</c>.</param>
    /// <param name="network">The network; one without <see cref="IPoseNetwork.Options"/> is written too, but only <see cref="LoadInto"/> can read it.</param>
    /// <param name="input">How images are prepared for it.</param>
    /// <param name="bfloat16">
    /// Whether kernels and matrices are rounded to bfloat16, so that the file is half as long; whoever loads it computes in single precision again. Vectors, which
    /// are few numbers (normalisations, biases), stay as they are. Default false.
    /// </param>
    /// <param name="progress">Told how many tensors are written.</param>
    /// <exception cref="ArgumentException"><paramref name="input"/> is not valid, so that the file could not be loaded; the message says why.</exception>
    /// <exception cref="PoseDataException">The file cannot be written.</exception>
    public static void Save(string path, IPoseNetwork network, PoseInput input, bool bfloat16 = false, IProgress<int>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var scope = NewDisposeScope();
        var weights = NetworkWeights.Of(network.Module).Select(t => KeyValuePair.Create(
            t.Key, bfloat16 && t.Value.dim() > 1 && t.Value.is_floating_point() ? t.Value.detach().to(ScalarType.BFloat16) : t.Value));
        SafeTensorsWriter.Write(path, weights, Metadata(network, input), progress);
    }

    /// <summary>Whether a file is one of these: written by <see cref="Save"/>, with a network's description.</summary>
    public static bool Recognizes(WeightFile file) => file is SafeTensorsFile model && model.Metadata.ContainsKey(NetworkKey);

    /// <summary>Rebuilds the network of a file and loads its weights, in evaluation mode.</summary>
    /// <param name="path">A file written by <see cref="Save"/>, or a checkpoint of another code base that <see cref="CheckpointImport"/> recognises.</param>
    /// <returns>The model; the caller disposes it.</returns>
    /// <exception cref="PoseDataException">The file is missing, damaged, neither of these, or does not fit its network.</exception>
    public static PoseModel Load(string path)
    {
        using var file = WeightFile.Open(path);
        if (file is not SafeTensorsFile own || !own.Metadata.Keys.Any(key => key.StartsWith(OwnKeys, StringComparison.Ordinal)))
        {
            return CheckpointImport.Load(file).Model;
        }
        var model = Build(own);
        try
        {
            NetworkWeights.Load(model.Network.Module, file);
            model.Network.Module.eval();
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Loads a file's weights into a network that the caller has built: the way for networks put together from parts or the caller's own.</summary>
    /// <param name="path">The file, written by <see cref="Save"/>.</param>
    /// <param name="network">The network; its weights are overwritten, and it is put into evaluation mode.</param>
    /// <returns>The network with the input preparation of the file; whoever disposes it disposes the network.</returns>
    /// <exception cref="PoseDataException">The file is missing or damaged, or its keypoints or weights are not the network's.</exception>
    public static PoseModel LoadInto(string path, IPoseNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var file = SafeTensorsFile.Open(path);
        var keypoints = ReadKeypoints(file.Path, file.Metadata);
        if (!keypoints.HasSameKeypoints(network.Keypoints))
        {
            throw new PoseDataException(
                file.Path, $"its keypoints ({string.Join(", ", keypoints.Keypoints)}) are not the network's ({string.Join(", ", network.Keypoints.Keypoints)}).");
        }
        var input = ReadInput(file.Path, file.Metadata);
        NetworkWeights.Load(network.Module, file);
        network.Module.eval();
        return new PoseModel(network, input);
    }

    /// <summary>The metadata that describes a network.</summary>
    /// <exception cref="ArgumentException"><paramref name="input"/> is not valid; the message says why.</exception>
    public static IReadOnlyDictionary<string, string> Metadata(IPoseNetwork network, PoseInput input)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(input);
        var metadata = new Dictionary<string, string>
        {
            ["format"] = "mspn",
            [SchemaKey] = JsonSerializer.Serialize(network.Keypoints, Json),
            [InputKey] = JsonSerializer.Serialize(input.Validated(), Json),
        };
        if (network.Options is { } options)
        {
            metadata[NetworkKey] = JsonSerializer.Serialize(options, Json);
        }
        return metadata;
    }

    // The network that a file's metadata describes, without its weights.
    private static PoseModel Build(SafeTensorsFile file)
    {
        var options = Read<PoseNetworkOptions>(file.Path, file.Metadata, NetworkKey);
        var schema = ReadKeypoints(file.Path, file.Metadata);
        var input = ReadInput(file.Path, file.Metadata);
        return new PoseModel(DescribedNetwork.Build(file.Path, $"metadata '{NetworkKey}'", options with { Keypoints = schema }), input);
    }

    /// <summary>What a file's metadata says about keypoints.</summary>
    /// <exception cref="PoseDataException">It says nothing, or nothing that can be read.</exception>
    internal static KeypointSchema ReadKeypoints(string path, IReadOnlyDictionary<string, string> metadata) =>
        Read<KeypointSchema>(path, metadata, SchemaKey);

    /// <summary>What a file's metadata says about the preparation of images.</summary>
    /// <exception cref="PoseDataException">It says nothing, or nothing that can be read.</exception>
    internal static PoseInput ReadInput(string path, IReadOnlyDictionary<string, string> metadata)
    {
        var input = Read<PoseInput>(path, metadata, InputKey);
        try
        {
            return input.Validated();
        }
        catch (ArgumentException e)
        {
            throw new PoseDataException(path, $"metadata '{InputKey}' does not say how images are prepared: {e.Message}", e);
        }
    }

    private static T Read<T>(string path, IReadOnlyDictionary<string, string> metadata, string key)
    {
        if (!metadata.TryGetValue(key, out var text))
        {
            throw new PoseDataException(
                path,
                $"metadata '{key}' is missing: this is not a model file of this library, or one of a network that only its own code can build, "
                + $"which {nameof(PoseModelFile)}.{nameof(LoadInto)} then fills.");
        }
        try
        {
            return JsonSerializer.Deserialize<T>(text, Json) ?? throw new JsonException("null");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException)
        {
            throw new PoseDataException(path, $"metadata '{key}' cannot be read ({e.Message})", e);
        }
    }
}
