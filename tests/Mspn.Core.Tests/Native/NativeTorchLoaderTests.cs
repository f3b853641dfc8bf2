namespace Mspn.Core.Tests.Native;

public sealed class NativeTorchLoaderTests : IDisposable
{
    private const string OldRuntime = "/lib/libstdc++.so.6: version `GLIBCXX_3.4.32' not found";

    private readonly TemporaryFolder _app = new();
    private readonly List<string> _loads = [];

    private string BridgePath => _app.File(NativeTorchLoader.Bridge);

    public void Dispose() => _app.Dispose();

    [Fact]
    public void When_the_plain_load_works_no_copy_is_tried()
    {
        Load(_ => null).Should().Be(NativeTorchLoad.Plain);
        _loads.Should().Equal(_app.File("libc10.so"), _app.File("libtorch_cpu.so"), _app.File("libtorch.so"), BridgePath);
    }

    [SkippableFact]
    public void An_old_runtime_gets_a_relaxed_copy_that_is_deleted_afterwards()
    {
        var original = Bridge.Read();
        File.WriteAllBytes(BridgePath, original);
        byte[]? loaded = null;
        var result = Load(path =>
        {
            if (path == BridgePath)
            {
                return OldRuntime;
            }
            if (Path.GetFileName(path) == NativeTorchLoader.Bridge)
            {
                loaded = File.ReadAllBytes(path);
            }
            return null;
        });
        result.Should().Be(NativeTorchLoad.RelaxedCopy);
        _loads[^1].Should().NotBe(BridgePath).And.EndWith(NativeTorchLoader.Bridge);
        loaded!.Zip(original).Count(p => p.First != p.Second).Should().Be(1);
        Directory.Exists(Path.GetDirectoryName(_loads[^1])).Should().BeFalse();
        File.ReadAllBytes(BridgePath).AsSpan().SequenceEqual(original).Should().BeTrue();
    }

    [SkippableFact]
    public void A_copy_that_cannot_be_deleted_is_loaded_all_the_same()
    {
        File.WriteAllBytes(BridgePath, Bridge.Read());
        var result = Load(path =>
        {
            if (path == BridgePath)
            {
                return OldRuntime;
            }
            if (Path.GetFileName(path) == NativeTorchLoader.Bridge)
            {
                Directory.Delete(Path.GetDirectoryName(path)!, recursive: true); // twice does not work
            }
            return null;
        });
        result.Should().Be(NativeTorchLoad.RelaxedCopy);
    }

    [SkippableFact]
    public void A_copy_that_does_not_load_either_is_left_to_TorchSharp_and_deleted()
    {
        File.WriteAllBytes(BridgePath, Bridge.Read());
        Load(path => Path.GetFileName(path) == NativeTorchLoader.Bridge ? OldRuntime : null).Should().Be(NativeTorchLoad.LeftToTorchSharp);
        _loads.Should().HaveCount(5);
        Directory.Exists(Path.GetDirectoryName(_loads[^1])).Should().BeFalse();
    }

    [Fact]
    public void A_library_that_does_not_ask_for_that_version_is_not_copied()
    {
        File.WriteAllText(BridgePath, "no library");
        Load(path => path == BridgePath ? OldRuntime : null).Should().Be(NativeTorchLoad.LeftToTorchSharp);
        _loads[^1].Should().Be(BridgePath);
    }

    [SkippableFact]
    public void Other_errors_are_left_to_TorchSharp()
    {
        File.WriteAllBytes(BridgePath, Bridge.Read());
        Load(path => path == BridgePath ? "libgomp.so.1: cannot open shared object file" : null)
            .Should().Be(NativeTorchLoad.LeftToTorchSharp);
        _loads[^1].Should().Be(BridgePath);
    }

    [Fact]
    public void A_dependency_that_fails_is_left_to_TorchSharp()
    {
        Load(path => path.EndsWith("libtorch_cpu.so", StringComparison.Ordinal) ? "damaged" : null).Should().Be(NativeTorchLoad.LeftToTorchSharp);
        _loads.Should().NotContain(BridgePath);
    }

    [Fact]
    public void Without_the_bridge_nothing_is_loaded()
    {
        new NativeTorchLoader(_ => null, Remember(_ => null)).Load().Should().Be(NativeTorchLoad.LeftToTorchSharp);
        _loads.Should().BeEmpty();
    }

    private NativeTorchLoad Load(Func<string, string?> tryLoad) => new NativeTorchLoader(file => _app.File(file), Remember(tryLoad)).Load();

    private Func<string, string?> Remember(Func<string, string?> tryLoad) => path =>
    {
        _loads.Add(path);
        return tryLoad(path);
    };
}
