using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Modules;

public class KeptScalarsTests
{
    [Fact]
    public void What_TorchSharp_makes_is_seen()
    {
        Tensor Sum(Tensor one, Tensor other) => one + other;
        Tensor Shifted(Tensor one) => one.sub_(1);
        Tensor Kept(Tensor one)
        {
            using Scalar two = 2;
            return one.mul(two).Plus(one);
        }

        TemporaryScalars.In(((Func<Tensor, Tensor, Tensor>)Sum).Method).Should().ContainSingle().Which.Should().EndWith("Tensor.op_Addition");
        TemporaryScalars.In(((Func<Tensor, Tensor>)Shifted).Method).Should().ContainSingle().Which.Should().EndWith("Scalar.op_Implicit");
        TemporaryScalars.In(typeof(TorchSharp.Modules.BatchNorm).GetMethod("forward")!).Should().NotBeEmpty();
        TemporaryScalars.In(((Func<Tensor, Tensor>)Kept).Method).Should().BeEmpty();
    }
}
