namespace Mspn.Core;

/// <summary>What a network computes with when it is run.</summary>
public enum NumericPrecision
{
    /// <summary>The type of its weights, usually single precision: heat maps as in training, up to the order of sums.</summary>
    Exact,

    /// <summary>
    /// bfloat16, with sums in single precision: about half the time on processors that multiply it faster than single precision (AMD's with AVX512-BF16), more
    /// elsewhere (Intel's with AVX512-BF16 but without AMX). Keypoints move by a fraction of a pixel.
    /// </summary>
    Fast,
}
