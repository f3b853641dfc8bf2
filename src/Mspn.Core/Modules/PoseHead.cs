using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Mspn.Core;

/// <summary>Where in a network a head stands, and what it is to give.</summary>
/// <param name="Stage">The stage, from 0.</param>
/// <param name="Level">The decoder level it reads, from the finest (0).</param>
/// <param name="Channels">Channels of that level.</param>
/// <param name="Maps">Number of maps to give.</param>
/// <param name="Extra">The extra that the maps are; null for heat maps.</param>
public sealed record HeadPlace(int Stage, int Level, int Channels, int Maps, PoseExtra? Extra);

/// <summary>Reads maps from the features of one decoder level.</summary>
/// <remarks>Input: features <c>[N, C, h, w]</c> and the height and width that the maps shall have; output <c>[N, maps, height, width]</c>.</remarks>
public abstract class PoseHead(string name) : Module<Tensor, (long Height, long Width), Tensor>(name);
