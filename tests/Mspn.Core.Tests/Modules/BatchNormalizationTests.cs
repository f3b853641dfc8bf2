using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Modules;

public class BatchNormalizationTests
{
    [Fact]
    public void It_computes_what_torch_computes()
    {
        using var scope = NewDisposeScope();
        using var ours = new BatchNormalization(5);
        using var theirs = nn.BatchNorm2d(5);
        var input = randn([4, 5, 3, 2]);
        for (var step = 0; step < 3; step++)
        {
            ours.call(input).allclose(theirs.call(input), rtol: 0, atol: 0).Should().BeTrue();
        }
        ours.eval();
        theirs.eval();
        ours.call(input).allclose(theirs.call(input), rtol: 0, atol: 0).Should().BeTrue();
        NetworkWeights.Of(ours).Keys.Should().BeEquivalentTo(theirs.state_dict().Keys);
        ours.get_buffer("num_batches_tracked")!.item<long>().Should().Be(3);
    }

    [Fact]
    public void A_single_value_per_channel_is_refused_in_training_and_fine_in_evaluation()
    {
        using var scope = NewDisposeScope();
        using var layer = new BatchNormalization(3);
        var train = () => layer.call(zeros(1, 3, 1, 1));
        train.Should().Throw<ArgumentException>().WithMessage("*more than one value per channel*[1, 3, 1, 1]*");
        layer.eval();
        layer.call(zeros(1, 3)).shape.Should().Equal(1, 3);
    }
}
