using FluentAssertions;
using Mspn.Testing;
using TorchSharp;

namespace Mspn.Core.Tests.Modules;

public sealed class LayersTests
{
    public static TheoryData<string> Networks => [.. TinyNetworks.All.Keys];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Networks_built_for_weights_to_come_have_the_same_tensors_in_memory(string name)
    {
        using var usual = TinyNetworks.Build(name);
        using var bare = TinyNetworks.All[name].BuildWithoutValues();

        Kinds(bare.Module).Should().Equal(Kinds(usual.Module));
        NetworkWeights.Of(bare.Module).Values.Should().OnlyContain(t => t.device_type == DeviceType.CPU);
    }

    [Fact]
    public void Values_are_drawn_again_after_a_failure()
    {
        var failing = () => Layers.WithoutValues<int>(() => throw new InvalidOperationException());
        failing.Should().Throw<InvalidOperationException>();

        using var layer = Layers.Convolution(64, 64, 3);
        layer.weight.std().ToSingle().Should().BeInRange(0.01f, 0.1f);
    }

    private static IEnumerable<string> Kinds(torch.nn.Module module) => NetworkWeights.Of(module)
        .Select(t => $"{t.Key} {t.Value.dtype} [{string.Join(", ", t.Value.shape)}] {t.Value.requires_grad}");
}
