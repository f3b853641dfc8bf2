using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Networks;

/// <summary>Networks that are not on the CPU. Torch's meta device, which has shapes without numbers, stands in for those that not every machine has.</summary>
public class OtherDeviceTests
{
    public static TheoryData<string> Names => [.. TinyNetworks.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_network_moves_with_all_that_it_has(string name)
    {
        using var module = TinyNetworks.Build(name).Module;
        module.to(META);
        // It cannot be run there: without Python, torch has no convolutions on the meta device.
        NetworkWeights.Of(module).Values.Should().OnlyContain(t => t.device_type == DeviceType.META);
    }
}
