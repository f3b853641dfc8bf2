namespace Mspn.Core;

/// <summary>Positions in crop pixels and scores, each <c>[N, K, 1]</c> in double precision.</summary>
internal sealed record OnnxKeypoints(OnnxValue X, OnnxValue Y, OnnxValue Score)
{
    /// <summary><c>[N, K, 3]</c> in single precision.</summary>
    public OnnxValue Together() => X.Concatenate(2, Y, Score).Cast(OnnxType.Float);
}
