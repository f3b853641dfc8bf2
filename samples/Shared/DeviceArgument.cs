using System.Globalization;
using System.Text.RegularExpressions;
using TorchSharp;

namespace Mspn.Samples;

/// <summary>The value of <c>--device</c>.</summary>
public static partial class DeviceArgument
{
    /// <summary>What help says of the option.</summary>
    public const string Description =
        "Where the network computes: cpu, cuda, cuda:1 or mps. Only cpu has been tried; for CUDA, put TorchSharp-cuda-linux or TorchSharp-cuda-windows in place of TorchSharp-cpu "
        + "in this program's first lines.";

    /// <summary>Reads a device, and makes sure that it is there.</summary>
    /// <exception cref="ArgumentException">The text is something else, or there is no such device.</exception>
    public static torch.Device Parse(string text)
    {
        if (Cuda().Match(text) is { Success: true } cuda)
        {
            var index = cuda.Groups[1] is { Success: true } given ? int.Parse(given.ValueSpan, CultureInfo.InvariantCulture) : 0;
            var devices = torch.cuda.is_available() ? torch.cuda.device_count() : 0;
            return index < devices
                ? new torch.Device(DeviceType.CUDA, index)
                : throw new ArgumentException($"--device {text}: TorchSharp finds {devices} CUDA devices. Its package TorchSharp-cpu finds none: docs/native.md tells what to put in its place.");
        }
        return text switch
        {
            "cpu" => torch.CPU,
            "mps" when torch.mps_is_available() => torch.MPS,
            "mps" => throw new ArgumentException("--device mps is for Apple silicon."),
            _ => throw new ArgumentException($"--device must be cpu, cuda, cuda:1 (counted from 0) or mps, not '{text}'."),
        };
    }

    [GeneratedRegex(@"^cuda(?::(\d{1,3}))?$")]
    private static partial Regex Cuda();
}
