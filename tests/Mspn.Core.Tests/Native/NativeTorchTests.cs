using Microsoft.Extensions.Logging;

namespace Mspn.Core.Tests.Native;

public class NativeTorchTests
{
    [Fact]
    public void Initialize_informs_exactly_when_a_relaxed_copy_is_used()
    {
        var logger = new CapturingLogger();
        var result = NativeTorch.Initialize(logger);
        logger.Entries.Select(e => (e.Level, e.Message.Contains(NativeTorchLoader.MissingVersion)))
            .Should().Equal(result == NativeTorchLoad.RelaxedCopy ? [(LogLevel.Information, true)] : Array.Empty<(LogLevel, bool)>());
    }

    [Fact]
    public void Every_call_gives_the_first_ones_result() => NativeTorch.Initialize().Should().Be(NativeTorch.Initialize());
}
