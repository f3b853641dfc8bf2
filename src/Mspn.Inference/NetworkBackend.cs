using Mspn.Core;
using Mspn.Data;

namespace Mspn.Inference;

/// <summary>Runs a network with TorchSharp, and reads its maps with a decoder.</summary>
internal sealed class NetworkBackend : IPoseBackend
{
    private readonly PoseModel _model;
    private readonly CropReader _reader;
    private readonly NetworkRunner _runner;
    private readonly IPoseDecoder _decoder;
    private readonly WholeImageReader? _whole;

    /// <summary>Wraps a model, which is put into evaluation mode.</summary>
    /// <param name="model">The network and its input preparation; disposed with the backend.</param>
    /// <param name="options">Flip test, decoding.</param>
    /// <exception cref="ArgumentException">The model prepares whole images in a way that does not fit its network.</exception>
    public NetworkBackend(PoseModel model, PoseEstimatorOptions options)
    {
        _model = model;
        _reader = new CropReader(CropSize, Input.Normalization);
        _decoder = options.Decoder ?? model.Network.CreateDecoder(Input);
        _runner = new NetworkRunner(model.Network, _decoder, options.FlipTest);
        _whole = Input.WholeImage is null ? null : new WholeImageReader(model, _runner, _decoder);
    }

    /// <inheritdoc />
    public KeypointSchema Keypoints => _model.Network.Keypoints;

    /// <inheritdoc />
    public PoseInput Input => _model.Input;

    /// <inheritdoc />
    public ImageSize CropSize => _model.Network.InputSize;

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
    public void Dispose() => _model.Dispose();
}
