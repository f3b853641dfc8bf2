using Mspn.Core;
using Mspn.Data;
using Mspn.Inference;
using Mspn.Losses;
using Mspn.Onnx;
using Mspn.Training;

namespace Mspn.Samples.Tests;

/// <summary>What holds for the code of every package.</summary>
public class LibraryCodeTests
{
    [Theory]
    [InlineData(typeof(MspnNetwork))]
    [InlineData(typeof(OhkmLoss))]
    [InlineData(typeof(PoseDataLoader))]
    [InlineData(typeof(Trainer))]
    [InlineData(typeof(PoseEstimator))]
    [InlineData(typeof(OnnxPersonDetector))]
    public void No_code_hands_on_a_scalar_that_the_garbage_collector_may_take(Type type) => TemporaryScalars.In(type.Assembly).Should().BeEmpty();
}
