namespace Mspn.Core;

/// <summary>
/// The third idea of MSPN (Li et al. 2019, section 3.3): which kernel supervises which stage and scale. Kernels run from the widest to the
/// narrowest; scales from the coarsest to the finest. Later stages take narrower kernels.
/// </summary>
public static class CoarseToFine
{
    /// <summary>Index of the kernel for a stage and a scale.</summary>
    /// <param name="stage">The stage, from 0.</param>
    /// <param name="stages">Number of stages.</param>
    /// <param name="scale">The scale, from 0 (coarsest).</param>
    /// <param name="scales">Number of scales.</param>
    /// <param name="kernels">Number of kernels, at least <paramref name="scales"/>.</param>
    /// <param name="enabled">False gives every stage the first stage's kernels.</param>
    /// <remarks>
    /// With the official five kernels and four scales, stages before the last take the first four kernels and the last stage takes the last
    /// four. Each kernel more lets one more stage at the end have a set of its own.
    /// </remarks>
    /// <exception cref="ArgumentException">There are fewer kernels than scales, or there is no such stage or scale.</exception>
    public static int KernelIndex(int stage, int stages, int scale, int scales, int kernels, bool enabled = true)
    {
        if (kernels < scales)
        {
            throw new ArgumentException($"{scales} scales need at least as many target kernels, given {kernels}.");
        }
        ArgumentOutOfRangeException.ThrowIfNegative(stage);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(stage, stages);
        ArgumentOutOfRangeException.ThrowIfNegative(scale);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(scale, scales);
        var spare = kernels - scales;
        var offset = enabled ? Math.Max(0, spare - (stages - 1 - stage)) : 0;
        return scale + offset;
    }
}
