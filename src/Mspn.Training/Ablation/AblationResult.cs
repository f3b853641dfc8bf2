namespace Mspn.Training;

/// <summary>What one training run of an ablation gave.</summary>
/// <param name="Variant">What was trained.</param>
/// <param name="Seed">The seed of its weights, its order of samples and its augmentation.</param>
/// <param name="Score">The score on the validation data; larger is better.</param>
/// <param name="Parameters">Trainable numbers.</param>
/// <param name="MultiplyAdds">Multiply-adds per image for the final heat maps.</param>
/// <param name="Steps">Optimiser steps.</param>
/// <param name="Seconds">Wall time of the training; it depends on what else the machine does.</param>
public sealed record AblationResult(string Variant, long Seed, double Score, long Parameters, long MultiplyAdds, int Steps, double Seconds);
