namespace Mspn.Core;

/// <summary>
/// Writes networks as ONNX files that give keypoints, not just heat maps: the decoder is part of the graph, so that nobody has to write it again. They run
/// wherever ONNX opset 17 does, without this library; Mspn.Onnx runs them as <c>PoseEstimator</c>s.
/// </summary>
/// <remarks>
/// <para>Input <c>image</c>, N crops of the network's input size: <c>float [N, 3, H, W]</c>, normalised, or <c>uint8 [N, H, W, 3]</c> with
/// <see cref="OnnxExportOptions.RawPixels"/>. N is free. Output <c>keypoints</c>, <c>float [N, K, 3]</c>: x and y in pixels of the crop (pixel centres at
/// integers) and score of each keypoint, as the decoder gives them. With <see cref="ExportedMaps.Final"/> also <c>heatmaps</c>,
/// <c>float [N, K, h, w]</c>, and each of the network's extras by its name; with <see cref="ExportedMaps.Every"/> besides <c>heatmaps_S_L</c> of each earlier stage S
/// and scale L, counted from 0 and the coarsest, and <c>NAME_S</c> of each extra.</para>
/// <para>Written as graphs are <see cref="OfficialHeatmapDecoder"/>, <see cref="MmposeHeatmapDecoder"/>, <see cref="SimpleBaselineHeatmapDecoder"/>,
/// <see cref="MsraHeatmapDecoder"/>, <see cref="DarkHeatmapDecoder"/> and <see cref="HoughVotingDecoder"/>. Others, OpenPose's assembly of many
/// people among them, are not: then the file has maps and no <c>keypoints</c>.</para>
/// <para>Normalisations are folded into convolutions. The metadata holds what a model file's does: keypoints (<c>mspn.keypoints</c>, with names and flip
/// pairs), input preparation (<c>mspn.input</c>) and options (<c>mspn.network</c>) as JSON; besides the decoder (<c>mspn.decoder</c>) and the
/// library's version (<c>mspn.version</c>).</para>
/// </remarks>
public static class OnnxExport
{
    internal const string Image = "image";
    internal const string Keypoints = "keypoints";

    private const string DecoderKey = "mspn.decoder";
    private const string VersionKey = "mspn.version";
    private const string GraphName = "pose";
    private const int ValuesPerKeypoint = 3;

    /// <summary>Writes a model.</summary>
    /// <param name="path">The file, usually <c>.onnx</c>. It appears under its name only when it is complete.</param>
    /// <param name="model">The network and its input preparation.</param>
    /// <param name="options">Input, outputs, flip test. Default: normalised input, keypoints alone.</param>
    /// <returns>The names of the file's outputs.</returns>
    /// <inheritdoc cref="Save(string, IPoseNetwork, PoseInput, OnnxExportOptions?)" path="/exception" />
    public static IReadOnlyList<string> Save(string path, PoseModel model, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Save(path, model.Network, model.Input, options);
    }

    /// <summary>Writes a network.</summary>
    /// <param name="path">The file, usually <c>.onnx</c>. It appears under its name only when it is complete.</param>
    /// <param name="network">The network; nobody else may use it meanwhile. One of the caller's own, if it is made of the library's modules and TorchSharp's layers.</param>
    /// <param name="input">How images are prepared for it.</param>
    /// <param name="options">Input, outputs, flip test. Default: normalised input, keypoints alone.</param>
    /// <returns>The names of the file's outputs.</returns>
    /// <exception cref="NotSupportedException">
    /// The network computes with operations that cannot be recorded, or has 2 GiB of weights or more; the message names the module or the size.
    /// </exception>
    /// <exception cref="ArgumentException">The flip test is asked for together with every map, or one of the network's extras has the name of an input or output.</exception>
    /// <exception cref="PoseDataException">The file cannot be written.</exception>
    public static IReadOnlyList<string> Save(string path, IPoseNetwork network, PoseInput input, OnnxExportOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(input);
        options ??= new OnnxExportOptions();
        if (options is { FlipTest: true, Maps: ExportedMaps.Every })
        {
            throw new ArgumentException("The flip test averages the final maps alone.", nameof(options));
        }
        if (network.Extras.FirstOrDefault(extra => extra.Name is Image or Keypoints) is { } taken)
        {
            throw new ArgumentException($"The network has an extra called '{taken.Name}', which the file's own {(taken.Name == Image ? "input" : "output")} is called.", nameof(network));
        }
        using var graph = GraphRecorder.Record(network, everyMap: options.Maps == ExportedMaps.Every);
        BatchNormalizationFolding.Apply(graph);
        IdentityRemoval.Apply(graph);

        var target = new OnnxGraph();
        var decoder = options.Decoder ?? network.CreateDecoder(input);
        var maps = AddNetwork(target, graph, network, input, options, decoder.ShiftsMirroredMaps);
        var outputs = AddOutputs(target, graph, network, maps, options, decoder);
        var version = typeof(OnnxExport).Assembly.GetName().Version!.ToString(fieldCount: 3);
        var metadata = new Dictionary<string, string>(PoseModelFile.Metadata(network, input))
        {
            [DecoderKey] = decoder.GetType().Name,
            [VersionKey] = version,
        };
        AtomicFile.Write(path, stream => OnnxWriter.Write(stream, target, GraphName, version, metadata));
        return outputs;
    }

    private static IReadOnlyDictionary<string, OnnxValue> AddNetwork(
        OnnxGraph target, NetworkGraph graph, IPoseNetwork network, PoseInput input, OnnxExportOptions options, bool shift)
    {
        var (height, width) = (graph.Input.Shape[2], graph.Input.Shape[3]);
        var images = options.RawPixels
            ? OnnxImages.Normalized(target.Input(Image, OnnxType.UInt8, height, width, 3), input.Normalization)
            : target.Input(Image, OnnxType.Float, 3, height, width);
        var writer = new OnnxNetwork(target);
        return options.FlipTest ? OnnxFlip.Add(writer, graph, network, images, shift) : writer.Add(graph, images);
    }

    private static List<string> AddOutputs(
        OnnxGraph target, NetworkGraph graph, IPoseNetwork network, IReadOnlyDictionary<string, OnnxValue> maps, OnnxExportOptions options, IPoseDecoder decoder)
    {
        var names = new List<string>();
        var shape = graph.Outputs[NetworkGraph.Heatmaps].Shape;
        var keypoints = options.Keypoints
            ? OnnxDecoding.Add(decoder, maps, network.Keypoints.Count, new ImageSize((int)shape[2], (int)shape[3]), graph.Size)
            : null;
        if (keypoints is not null)
        {
            target.Output(Keypoints, keypoints.Together(), network.Keypoints.Count, ValuesPerKeypoint);
            names.Add(Keypoints);
        }
        if (keypoints is null || options.Maps != ExportedMaps.None)
        {
            foreach (var (name, value) in maps)
            {
                target.Output(name, value, [.. graph.Outputs[name].Shape.Skip(1)]);
                names.Add(name);
            }
        }
        return names;
    }
}
