namespace Mspn.Data;

/// <summary>What an evaluation was made of.</summary>
/// <param name="Images">Images that were scored.</param>
/// <param name="People">Annotated people in them who count: those with keypoints who are no crowd.</param>
/// <param name="Ignored">Annotations in them that do not: crowds, and people without labelled keypoints. What matches one is neither right nor wrong.</param>
/// <param name="Detections">Results that were scored.</param>
/// <param name="DetectionsLeftOut">Results left out: beyond the limit of their image, of images or categories that are not scored, or (xtcocotools) without
/// any keypoint.</param>
public sealed record CocoCounts(int Images, int People, int Ignored, int Detections, int DetectionsLeftOut);
