using TorchSharp;
using static TorchSharp.torch;

namespace Mspn.Core;

internal static class MapValues
{
    /// <summary>A tensor's values in double precision, row by row, whatever its type, device and layout.</summary>
    public static double[] Of(Tensor maps)
    {
        using var scope = NewDisposeScope();
        return maps.detach().to(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
    }
}
