using Mspn.Core;
using Mspn.Data;

namespace Mspn.Inference;

/// <summary>Runs a network with TorchSharp, and reads its maps with a decoder.</summary>
internal sealed class NetworkBackend : IPoseBackend
{
    private readonly PoseModel? _model;
    private readonly IPosePredictor _network;
    private readonly CropReader _reader;
    private readonly NetworkRunner _runner;
    private readonly IPoseDecoder _decoder;
    private readonly WholeImageReader? _whole;

    /// <summary>Prepares a model's network, or puts one that cannot be prepared into evaluation mode.</summary>
    /// <param name="model">The network and its input preparation.</param>
    /// <param name="options">Flip test, decoding, precision.</param>
    /// <param name="ownership">Who disposes the model; if this throws, it is the caller's.</param>
    /// <exception cref="ArgumentException">The model prepares whole images in a way that does not fit its network.</exception>
    /// <exception cref="NotSupportedException">The network cannot be prepared for <see cref="NumericPrecision.Fast"/>.</exception>
    public NetworkBackend(PoseModel model, PoseEstimatorOptions options, ModelOwnership ownership)
    {
        Input = model.Input;
        _decoder = options.Decoder ?? model.Network.CreateDecoder(Input);
        _network = Prepared(model, options.Precision);
        try
        {
            _reader = new CropReader(CropSize, Input.Normalization);
            _runner = new NetworkRunner(_network, _decoder, options.FlipTest);
            _whole = Input.WholeImage is null ? null : new WholeImageReader(model, _runner, _decoder);
        }
        catch
        {
            (_network as PreparedNetwork)?.Dispose();
            throw;
        }
        if (ownership == ModelOwnership.NobodyElse && _network is PreparedNetwork)
        {
            model.Dispose();
        }
        else if (ownership != ModelOwnership.Caller)
        {
            _model = model;
        }
    }

    /// <inheritdoc />
    public KeypointSchema Keypoints => _network.Keypoints;

    /// <inheritdoc />
    public PoseInput Input { get; }

    /// <inheritdoc />
    public ImageSize CropSize => _network.InputSize;

    /// <inheritdoc />
    public IReadOnlyList<IReadOnlyList<PersonPrediction>> ReadCrops(IReadOnlyList<PoseCrop> crops, CancellationToken cancellation)
    {
        var pixels = new float[crops.Count * _reader.Length];
        Parallel.For(0, crops.Count, i =>
            _reader.Read(crops[i].Image, crops[i].ToCrop, mirrored: false, pixels.AsSpan(i * _reader.Length, _reader.Length)));
        return _runner.Run(pixels, crops.Count, CropSize, output => _decoder.DecodePeople(output, CropSize));
    }

    /// <inheritdoc />
    public IReadOnlyList<PersonPrediction>? ReadWhole(RgbImage image, CancellationToken cancellation) => _whole?.Read(image, cancellation);

    /// <inheritdoc />
    public void Dispose()
    {
        (_network as PreparedNetwork)?.Dispose();
        _model?.Dispose();
    }

    private static IPosePredictor Prepared(PoseModel model, NumericPrecision precision)
    {
        try
        {
            return new PreparedNetwork(model.Network, precision, anySize: model.Input.WholeImage is not null);
        }
        catch (NotSupportedException) when (precision == NumericPrecision.Exact)
        {
            // It has operations of the caller's own, and is run as it is.
            return model.Network;
        }
    }
}
