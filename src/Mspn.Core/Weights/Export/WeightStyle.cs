namespace Mspn.Core;

/// <summary>Whose names and container a network's weights are written with.</summary>
public enum WeightStyle
{
    /// <summary>The library's own model file (<see cref="PoseModelFile"/>), which carries options, keypoints and input preparation.</summary>
    Mspn,

    /// <summary>
    /// A state dict with the names of the network's own reference code: megvii-research/MSPN and caiyuanhao1998/RSN, princeton-vl or bearpaw for
    /// Hourglass, pytorch-cpn, microsoft's SimpleBaseline, pytorch-openpose.
    /// </summary>
    Official,

    /// <summary>A state dict with mmpose's names, for MSPN and RSN.</summary>
    Mmpose,
}
