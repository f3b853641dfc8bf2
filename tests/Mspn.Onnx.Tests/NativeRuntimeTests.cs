using Microsoft.ML.OnnxRuntime;

namespace Mspn.Onnx.Tests;

public class NativeRuntimeTests
{
    [Fact]
    public void Native_runtime_is_there() => OrtEnv.Instance().GetAvailableProviders().Should().Contain("CPUExecutionProvider");
}
