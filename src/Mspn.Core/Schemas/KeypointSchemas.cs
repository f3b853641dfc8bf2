namespace Mspn.Core;

/// <summary>The keypoint sets that ship with the library.</summary>
public static class KeypointSchemas
{
    /// <summary>
    /// COCO's 17 keypoints. Sigmas: <c>cocoeval.py</c>, as in mmpose (<c>configs/_base_/datasets/coco.py</c>). Flip pairs and upper body (head,
    /// arms <b>and hips</b>): the official MSPN code's <c>dataset/attribute.py</c>. Skeleton: COCO's own, in 0-based indices.
    /// </summary>
    public static KeypointSchema Coco17 { get; } = new KeypointSchema
    {
        Name = "coco17",
        Keypoints =
        [
            "nose", "left_eye", "right_eye", "left_ear", "right_ear", "left_shoulder", "right_shoulder", "left_elbow", "right_elbow",
            "left_wrist", "right_wrist", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle",
        ],
        FlipPairs = [(1, 2), (3, 4), (5, 6), (7, 8), (9, 10), (11, 12), (13, 14), (15, 16)],
        Skeleton =
        [
            (15, 13), (13, 11), (16, 14), (14, 12), (11, 12), (5, 11), (6, 12), (5, 6), (5, 7), (6, 8), (7, 9), (8, 10), (1, 2), (0, 1),
            (0, 2), (1, 3), (2, 4), (3, 5), (4, 6),
        ],
        Sigmas =
        [
            0.026, 0.025, 0.025, 0.035, 0.035, 0.079, 0.079, 0.072, 0.072, 0.062, 0.062, 0.107, 0.107, 0.087, 0.087, 0.089, 0.089,
        ],
        UpperBody = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
    }.Validated();

    /// <summary>
    /// MPII's 16 keypoints. Flip pairs and upper body: the official MSPN code's <c>dataset/attribute.py</c>. Skeleton: mmpose's
    /// (<c>configs/_base_/datasets/mpii.py</c>). MPII defines no sigmas; these are mmpose's, adapted there from COCO's. They are COCO's but for
    /// knees (0.083 instead of 0.087), shoulders (0.179 instead of 0.079) and the points that COCO does not have (0.026, as its nose), so OKS on
    /// MPII compares with mmpose's alone; MPII itself is scored by PCKh.
    /// </summary>
    public static KeypointSchema Mpii16 { get; } = new KeypointSchema
    {
        Name = "mpii16",
        Keypoints =
        [
            "right_ankle", "right_knee", "right_hip", "left_hip", "left_knee", "left_ankle", "pelvis", "thorax", "upper_neck", "head_top",
            "right_wrist", "right_elbow", "right_shoulder", "left_shoulder", "left_elbow", "left_wrist",
        ],
        FlipPairs = [(0, 5), (1, 4), (2, 3), (10, 15), (11, 14), (12, 13)],
        Skeleton =
        [
            (0, 1), (1, 2), (2, 6), (6, 3), (3, 4), (4, 5), (6, 7), (7, 8), (8, 9), (8, 12), (12, 11), (11, 10), (8, 13), (13, 14), (14, 15),
        ],
        Sigmas = [0.089, 0.083, 0.107, 0.107, 0.083, 0.089, 0.026, 0.026, 0.026, 0.026, 0.062, 0.072, 0.179, 0.179, 0.072, 0.062],
        UpperBody = [7, 8, 9, 10, 11, 12, 13, 14, 15],
    }.Validated();

    /// <summary>
    /// The 14 keypoints of LSP and LSP Extended, in the order of the data set's readme. Flip pairs: left and right of the same joint. LSP
    /// defines no sigmas, and mmpose has no LSP; these are CrowdPose's for the same joints. Upper body: wrists to head top, as for MPII. Skeleton:
    /// this library's own, the limbs and the sides of the torso.
    /// </summary>
    public static KeypointSchema Lsp14 { get; } = new KeypointSchema
    {
        Name = "lsp14",
        Keypoints =
        [
            "right_ankle", "right_knee", "right_hip", "left_hip", "left_knee", "left_ankle", "right_wrist", "right_elbow", "right_shoulder",
            "left_shoulder", "left_elbow", "left_wrist", "neck", "head_top",
        ],
        FlipPairs = [(0, 5), (1, 4), (2, 3), (6, 11), (7, 10), (8, 9)],
        Skeleton =
        [
            (0, 1), (1, 2), (3, 4), (4, 5), (2, 3), (6, 7), (7, 8), (9, 10), (10, 11), (8, 12), (9, 12), (12, 13), (2, 8), (3, 9),
        ],
        Sigmas = [0.089, 0.087, 0.107, 0.107, 0.087, 0.089, 0.062, 0.072, 0.079, 0.079, 0.072, 0.062, 0.079, 0.079],
        UpperBody = [6, 7, 8, 9, 10, 11, 12, 13],
    }.Validated();

    /// <summary>
    /// CrowdPose's 14 keypoints. Sigmas: the CrowdPose evaluation code (<c>crowdposetools</c>), as in mmpose. Flip pairs and upper body: mmpose
    /// (<c>configs/_base_/datasets/crowdpose.py</c>). Skeleton: mmpose's without the line between the shoulders, which the neck joins.
    /// CrowdPose's own files call the first of the last two points <c>head</c> and carry COCO's skeleton, which does not fit: give this schema
    /// when they are loaded.
    /// </summary>
    public static KeypointSchema CrowdPose14 { get; } = new KeypointSchema
    {
        Name = "crowdpose14",
        Keypoints =
        [
            "left_shoulder", "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist", "left_hip", "right_hip", "left_knee",
            "right_knee", "left_ankle", "right_ankle", "top_head", "neck",
        ],
        FlipPairs = [(0, 1), (2, 3), (4, 5), (6, 7), (8, 9), (10, 11)],
        Skeleton =
        [
            (10, 8), (8, 6), (11, 9), (9, 7), (6, 7), (0, 6), (1, 7), (0, 2), (1, 3), (2, 4), (3, 5), (13, 0), (13, 1), (12, 13),
        ],
        Sigmas = [0.079, 0.079, 0.072, 0.072, 0.062, 0.062, 0.107, 0.107, 0.087, 0.087, 0.089, 0.089, 0.079, 0.079],
        UpperBody = [0, 1, 2, 3, 4, 5, 12, 13],
    }.Validated();

    /// <summary>
    /// OpenPose's 18 keypoints for COCO: COCO's, in another order, and the neck, which is the midpoint of the shoulders wherever a data
    /// set has none of its own. Flip pairs: left and right of the same joint. Sigmas: COCO's; COCO has none for a neck, so it is CrowdPose's,
    /// which equals that of the shoulders. Upper body: as for <see cref="Coco17"/>. Skeleton: the 17 limbs that the reference draws (Hzzone's
    /// <c>pytorch-openpose</c>, <c>src/util.py</c>).
    /// </summary>
    public static KeypointSchema OpenPose18 { get; } = new KeypointSchema
    {
        Name = "openpose18",
        Keypoints =
        [
            "nose", "neck", "right_shoulder", "right_elbow", "right_wrist", "left_shoulder", "left_elbow", "left_wrist", "right_hip",
            "right_knee", "right_ankle", "left_hip", "left_knee", "left_ankle", "right_eye", "left_eye", "right_ear", "left_ear",
        ],
        FlipPairs = [(2, 5), (3, 6), (4, 7), (8, 11), (9, 12), (10, 13), (14, 15), (16, 17)],
        Skeleton =
        [
            (1, 2), (1, 5), (2, 3), (3, 4), (5, 6), (6, 7), (1, 8), (8, 9), (9, 10), (1, 11), (11, 12), (12, 13), (1, 0), (0, 14), (14, 16),
            (0, 15), (15, 17),
        ],
        Sigmas =
        [
            0.026, 0.079, 0.079, 0.072, 0.062, 0.079, 0.072, 0.062, 0.107, 0.087, 0.089, 0.107, 0.087, 0.089, 0.025, 0.025, 0.035, 0.035,
        ],
        UpperBody = [0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 14, 15, 16, 17],
    }.Validated();

    /// <summary>All bundled schemas.</summary>
    public static IReadOnlyList<KeypointSchema> All { get; } = [Coco17, Mpii16, Lsp14, CrowdPose14, OpenPose18];

    /// <summary>The bundled schema of that name, whatever its case.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists the names.</exception>
    public static KeypointSchema Get(string name) =>
        All.FirstOrDefault(s => string.Equals(s.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException(
            $"No keypoint schema is called '{name}'. Known: {string.Join(", ", All.Select(s => s.Name))}.", nameof(name));
}
