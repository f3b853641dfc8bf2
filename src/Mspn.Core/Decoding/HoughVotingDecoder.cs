using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>
/// Reads keypoints from a heat map of disks and a map of offsets by voting (G-RMI: Papandreou et al. 2017, arXiv:1701.01779).
/// Every cell j says how probable it is that keypoint k lies within R of it, <c>σ(h_k(x_j))</c>, and where, <c>x_j + F_k(x_j)</c>; the votes
/// give the map <c>f_k(x_i) = Σ_j 1/(π·R²) · G(x_j + F_k(x_j) − x_i) · σ(h_k(x_j))</c>, with the bilinear kernel
/// <c>G(d) = max(0, 1 − |d_x|)·max(0, 1 − |d_y|)</c>.
/// </summary>
/// <remarks>
/// <para>The winner is the cell with the most votes. The position is the weighted mean of the votes that fall less than a cell from it: the
/// votes themselves know the position to a fraction of a cell, which the centroid of f, smeared over cells by G, would pull towards cell
/// centres.</para>
/// <para>The score is f at that position, at most 1. At the cell's own centre f would depend on where in its cell a keypoint happens to lie:
/// down to a quarter, halfway between four. A keypoint whose disk reaches beyond the map has fewer votes and a lower score.</para>
/// <para>Offsets are in heat-map cells, and cell <c>x</c> becomes pixel <c>x·s</c> for a stride of s. Immutable and thread-safe.</para>
/// </remarks>
public sealed class HoughVotingDecoder : IPoseDecoder
{
    /// <summary>A radius of 25 pixels, as in the paper, on a map with a stride of 8, in cells.</summary>
    public const double PaperRadius = 3.125;

    /// <summary>Creates the decoder.</summary>
    /// <param name="radius">R, in heat-map cells: the one that the network was trained with. Default <see cref="PaperRadius"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The radius is not positive and finite.</exception>
    public HoughVotingDecoder(double radius = PaperRadius) => Radius = Require.Positive(radius);

    /// <summary>R, in heat-map cells.</summary>
    public double Radius { get; }

    /// <inheritdoc />
    public bool ShiftsMirroredMaps => true;

    /// <summary>Finds one position for every keypoint.</summary>
    /// <param name="logits"><c>[N, K, h, w]</c>: h, before the sigmoid; any floating type, any device. Only N may be 0.</param>
    /// <param name="offsets"><c>[N, 2K, h, w]</c>: F in cells, columns of keypoint k at 2k and rows at 2k + 1.</param>
    /// <param name="inputSize">Size of the crops that the maps belong to.</param>
    /// <returns>For each image, K keypoints in crop pixels with scores from 0 to 1.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit (the message gives them), or the size has no pixels.</exception>
    public IReadOnlyList<KeypointPrediction[]> Decode(Tensor logits, Tensor offsets, ImageSize inputSize)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(offsets);
        Require.Pixels(inputSize);
        var shape = logits.shape;
        if (shape.Length != 4 || shape.AsSpan(1).Contains(0) || !offsets.shape.SequenceEqual([shape[0], 2 * shape[1], shape[2], shape[3]]))
        {
            throw new ArgumentException(
                $"Expected heat maps [N, K, h, w] and offsets [N, 2K, h, w], given [{string.Join(", ", shape)}] and [{string.Join(", ", offsets.shape)}].");
        }
        var (heat, moves) = (MapValues.Of(logits), MapValues.Of(offsets));
        var (n, k) = ((int)shape[0], (int)shape[1]);
        var map = new ImageSize((int)shape[2], (int)shape[3]);
        var area = map.Height * map.Width;
        var result = new KeypointPrediction[n][];
        Parallel.For(0, n, image =>
        {
            var votes = new VoteMap(map);
            result[image] = new KeypointPrediction[k];
            for (var joint = 0; joint < k; joint++)
            {
                var at = image * k + joint;
                votes.Count(heat.AsSpan(at * area, area), moves.AsSpan(2 * at * area, area), moves.AsSpan((2 * at + 1) * area, area));
                var (x, y, sum) = votes.Winner();
                result[image][joint] = new KeypointPrediction(
                    x * inputSize.Width / map.Width, y * inputSize.Height / map.Height, Math.Min(1, sum / (Math.PI * Radius * Radius)));
            }
        });
        return result;
    }

    /// <inheritdoc />
    /// <remarks>Reads the final heat maps and the extra <see cref="PoseExtra.Offsets"/>. A person's score is <see cref="InstanceScore"/>.</remarks>
    public IReadOnlyList<IReadOnlyList<PersonPrediction>> DecodePeople(PoseOutput output, ImageSize inputSize)
    {
        ArgumentNullException.ThrowIfNull(output);
        return [.. Decode(output.Final, output.FinalExtra(PoseExtra.Offsets), inputSize)
            .Select(keypoints => new[] { new PersonPrediction(keypoints, InstanceScore(keypoints)) })];
    }

    /// <summary>
    /// The paper's rescoring of a whole pose: the mean of its keypoints' scores. There it takes the place of the box's score instead of being
    /// multiplied with it.
    /// </summary>
    /// <param name="keypoints">At least one keypoint, as <see cref="Decode"/> gives them.</param>
    public static double InstanceScore(IReadOnlyList<KeypointPrediction> keypoints) => keypoints.Average(k => k.Score);
}
