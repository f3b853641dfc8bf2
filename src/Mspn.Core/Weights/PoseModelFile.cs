using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mspn.Core;

/// <summary>
/// The library's own weight format: a safetensors file whose metadata holds the network's options, keypoints and input preparation, so
/// that loading needs nothing but the file.
/// </summary>
public static class PoseModelFile
{
    private const string NetworkKey = "mspn.network";
    private const string SchemaKey = "mspn.keypoints";
    private const string InputKey = "mspn.input";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Writes a network with all it needs. The file appears under its name only when it is complete.</summary>
    /// <param name="path">The file, usually <c>.safetensors</c>.</param>
    /// <param name="network">The network.</param>
    /// <param name="input">How images are prepared for it.</param>
    /// <exception cref="PoseDataException">The file cannot be written.</exception>
    public static void Save(string path, MspnNetwork network, PoseInput input)
    {
        ArgumentNullException.ThrowIfNull(network);
        SafeTensorsWriter.Write(path, NetworkWeights.Of(network), Metadata(network, input));
    }

    /// <summary>Rebuilds the network of a file and loads its weights, in evaluation mode.</summary>
    /// <returns>The model; the caller disposes it.</returns>
    /// <exception cref="PoseDataException">The file is missing, damaged, without a network's description, or does not fit it.</exception>
    public static PoseModel Load(string path)
    {
        using var file = SafeTensorsFile.Open(path);
        var model = Describe(file);
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

    /// <summary>The metadata that describes a network.</summary>
    public static IReadOnlyDictionary<string, string> Metadata(MspnNetwork network, PoseInput input)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(input);
        var o = network.Options;
        var description = new NetworkDto("mspn", o.Stages, [o.InputSize.Height, o.InputSize.Width], o.BlocksPerLevel, o.BaseChannels,
            o.UpsampleChannels, o.CrossStageAggregation, o.ConvolutionBias);
        return new Dictionary<string, string>
        {
            ["format"] = "mspn",
            [NetworkKey] = JsonSerializer.Serialize(description, Json),
            [SchemaKey] = JsonSerializer.Serialize(SchemaDto.Of(o.Keypoints), Json),
            [InputKey] = JsonSerializer.Serialize(input, Json),
        };
    }

    /// <summary>Builds the network that a file's metadata describes, with random weights.</summary>
    /// <exception cref="PoseDataException">The metadata is missing or not understood.</exception>
    public static PoseModel Describe(SafeTensorsFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var network = Read<NetworkDto>(file, NetworkKey);
        var schema = Read<SchemaDto>(file, SchemaKey);
        var input = Read<PoseInput>(file, InputKey);
        if (network.Kind != "mspn" || network.InputSize.Count != 2)
        {
            throw new PoseDataException(file.Path, $"metadata '{NetworkKey}' describes an unknown network '{network.Kind}'.");
        }
        try
        {
            return new PoseModel(
                new MspnNetwork(new MspnOptions
                {
                    Stages = network.Stages,
                    Keypoints = schema.ToSchema(),
                    InputSize = new ImageSize(network.InputSize[0], network.InputSize[1]),
                    BlocksPerLevel = network.BlocksPerLevel,
                    BaseChannels = network.BaseChannels,
                    UpsampleChannels = network.UpsampleChannels,
                    CrossStageAggregation = network.CrossStageAggregation,
                    ConvolutionBias = network.ConvolutionBias,
                }),
                input);
        }
        catch (ArgumentException e)
        {
            throw new PoseDataException(file.Path, $"metadata '{NetworkKey}' does not describe a network: {e.Message}", e);
        }
    }

    private static T Read<T>(SafeTensorsFile file, string key)
    {
        if (!file.Metadata.TryGetValue(key, out var text))
        {
            throw new PoseDataException(
                file.Path, $"metadata '{key}' is missing: this is not a model file of this library, or only bare weights.");
        }
        try
        {
            return JsonSerializer.Deserialize<T>(text, Json) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new PoseDataException(file.Path, $"metadata '{key}' cannot be read ({e.Message})", e);
        }
    }

    private sealed record NetworkDto(
        string Kind, int Stages, IReadOnlyList<int> InputSize, IReadOnlyList<int> BlocksPerLevel, int BaseChannels, int UpsampleChannels,
        bool CrossStageAggregation, bool ConvolutionBias);

    private sealed record SchemaDto(
        string Name, IReadOnlyList<string> Keypoints, int[][] FlipPairs, int[][] Skeleton, IReadOnlyList<double> Sigmas,
        IReadOnlyList<int> UpperBody)
    {
        public static SchemaDto Of(KeypointSchema s) =>
            new(s.Name, s.Keypoints, Pairs(s.FlipPairs), Pairs(s.Skeleton), s.Sigmas, s.UpperBody);

        public KeypointSchema ToSchema() => new KeypointSchema
        {
            Name = Name,
            Keypoints = Keypoints,
            FlipPairs = [.. FlipPairs.Select(Pair)],
            Skeleton = [.. Skeleton.Select(Pair)],
            Sigmas = Sigmas,
            UpperBody = UpperBody,
        }.Validated();

        private static int[][] Pairs(IEnumerable<(int A, int B)> pairs) => [.. pairs.Select(p => new[] { p.A, p.B })];

        private static (int, int) Pair(int[] pair) =>
            pair is [var a, var b] ? (a, b) : throw new ArgumentException("a pair of keypoints needs two indices");
    }
}
