using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>
/// The operations without weights that modules are made of, beside <see cref="KeptScalars"/>' sums and <see cref="Resampling"/>. An open
/// <see cref="GraphRecorder"/> notes them; layers with weights it watches by itself.
/// </summary>
internal static class Primitives
{
    // Made once, so that an operation that nobody notes costs nothing more.
    private static readonly ReluOperation ReluOfInput = new();
    private static readonly SigmoidOperation SigmoidOfInput = new();
    private static readonly IdentityOperation InputItself = new();
    private static readonly PlaceMeanOperation MeanOfPlaces = new();
    private static readonly PlaceOperation PlaceOfInput = new();

    public static Tensor Relu(this Tensor input) => Noted(ReluOfInput, input, input.relu());

    public static Tensor ReluInPlace(this Tensor input) => Noted(ReluOfInput, input, input.relu_());

    public static Tensor Sigmoid(this Tensor input) => Noted(SigmoidOfInput, input, input.sigmoid());

    public static Tensor Times(this Tensor left, Tensor right)
    {
        var output = left * right;
        GraphRecorder.Current?.Add(new MultiplicationOperation(), [left, right], output);
        return output;
    }

    /// <summary>The same numbers as a tensor object of its own.</summary>
    public static Tensor Alias(this Tensor input) => Noted(InputItself, input, input.alias());

    /// <summary>Side by side, along channels.</summary>
    public static Tensor Concatenate(IReadOnlyList<Tensor> inputs)
    {
        var output = cat([.. inputs], 1);
        GraphRecorder.Current?.Add(new ConcatenationOperation(), inputs, output);
        return output;
    }

    /// <summary>Some of the channels, without a copy.</summary>
    public static Tensor Channels(this Tensor input, long start, long length)
    {
        var output = input.narrow(1, start, length);
        GraphRecorder.Current?.Add(new ChannelsOperation(start, length), [input], output);
        return output;
    }

    /// <summary>The mean of each channel, <c>[N, C]</c>.</summary>
    public static Tensor MeanOverPlaces(this Tensor input) => Noted(MeanOfPlaces, input, input.mean([2, 3]));

    /// <summary>From <c>[N, C]</c> to <c>[N, C, 1, 1]</c>.</summary>
    public static Tensor AsPlace(this Tensor input) => Noted(PlaceOfInput, input, input.unsqueeze(-1).unsqueeze(-1));

    private static Tensor Noted(GraphOperation operation, Tensor input, Tensor output)
    {
        GraphRecorder.Current?.Add(operation, [input], output);
        return output;
    }
}
