namespace Mspn.Core;

/// <summary>Which of a network's maps an ONNX file gives.</summary>
public enum ExportedMaps
{
    /// <summary>None.</summary>
    None,

    /// <summary>The prediction: the last stage's finest heat maps, and the last of each extra.</summary>
    Final,

    /// <summary>Those of all stages and scales, as in training: nothing of the network is left out.</summary>
    Every,
}
