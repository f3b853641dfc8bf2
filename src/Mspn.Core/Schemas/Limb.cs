namespace Mspn.Core;

/// <summary>
/// Two keypoints of one body that a part affinity field connects: a map of unit vectors that point from one to the other along the limb
/// (Cao et al. 2017, <a href="https://arxiv.org/abs/1611.08050">arXiv:1611.08050</a>).
/// </summary>
/// <param name="From">Index of the keypoint where the limb begins.</param>
/// <param name="To">Index of the keypoint where it ends.</param>
/// <param name="Channel">Index of its vector field: the x components are map <c>2·Channel</c>, the y components map <c>2·Channel + 1</c>.</param>
/// <param name="StartsPerson">Whether a connection that touches nobody found so far is a new person. Default true; false for limbs that only
/// hold together what others have found.</param>
public sealed record Limb(int From, int To, int Channel, bool StartsPerson = true);
