namespace Mspn.Data;

/// <summary>Which published code is followed where the two differ.</summary>
public enum CocoRules
{
    /// <summary>
    /// pycocotools (<c>PythonAPI/pycocotools/cocoeval.py</c>). A match with the annotation of id 0 counts as a false detection there, and so
    /// here; <see cref="CocoEvaluation.Notes"/> says when it happens.
    /// </summary>
    Pycocotools,

    /// <summary>
    /// xtcocotools with <c>keypoints_crowd</c> (<c>xtcocotools/cocoeval.py</c>), which is what CrowdPose is scored with: an annotation may have
    /// the id 0, and results of which no keypoint has a score above 0 are left out.
    /// </summary>
    Xtcocotools,
}
