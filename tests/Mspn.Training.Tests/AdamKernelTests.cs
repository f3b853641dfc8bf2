using Mspn.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Training.Tests;

/// <summary>Adam in one pass through memory against the same in torch's operations.</summary>
public class AdamKernelTests
{
    public static TheoryData<long[], bool, bool, ScalarType> Shapes => new()
    {
        { [1], false, false, ScalarType.Float32 },
        { [37], false, false, ScalarType.Float32 },
        { [3, 100_003], false, false, ScalarType.Float32 },
        { [8, 5, 3, 3], true, true, ScalarType.Float32 },
        { [8, 5, 3, 3], true, false, ScalarType.Float32 },
        { [64, 200, 3, 3], false, true, ScalarType.Float64 },
        { [6, 7, 1, 1], true, false, ScalarType.Float64 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void It_moves_as_torch_does_with_any_layout_and_number_of_threads(long[] shape, bool weightsLast, bool gradientsLast, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var numbers = new AdamNumbers(-0.01, 0.3, 0.7, 1e-2);
        var (expected, one, three) = (Move(), Move(), Move());
        AdamKernel.Takes(one).Should().BeTrue();

        expected.WithTensors();
        AdamKernel.Run([one], threads: 1);
        AdamKernel.Run([three], threads: 3);

        var tolerance = type == ScalarType.Float32 ? 1e-6 : 1e-14;
        foreach (var get in new Func<AdamMove, Tensor>[] { m => m.Weight, m => m.Mean, m => m.Square, m => m.Gradient })
        {
            get(one).sub(get(expected)).abs().max().to(ScalarType.Float64).item<double>().Should().BeLessThan(tolerance);
            get(three).Bytes().Should().Equal(get(one).Bytes());
        }

        AdamMove Move()
        {
            manual_seed(3);
            var (weight, gradient) = (Random(weightsLast), Random(gradientsLast));
            return new AdamMove(weight, gradient, empty_like(weight).copy_(randn(shape, type)), empty_like(weight).copy_(rand(shape, type)), numbers);
        }

        Tensor Random(bool last) => last ? MemoryOrder.ChannelsLast(randn(shape, type)) : randn(shape, type);
    }

    [Fact]
    public void What_it_cannot_move_is_left_to_torch()
    {
        using var scope = NewDisposeScope();
        var half = zeros(3, ScalarType.BFloat16);
        var transposed = zeros(3, 4).t();
        foreach (var weight in new[] { half, transposed, zeros(0) })
        {
            AdamKernel.Takes(new AdamMove(weight, weight, weight, weight, default)).Should().BeFalse();
        }
    }
}
