using Mspn.Core;

namespace Mspn.Data;

/// <summary>Annotated people and their images. Safe to read from several threads at once.</summary>
public interface IPoseDataset
{
    /// <summary>The keypoints that every sample has.</summary>
    KeypointSchema Schema { get; }

    /// <summary>Number of people.</summary>
    int Count { get; }

    /// <summary>The annotation of person <paramref name="index"/>.</summary>
    PoseSample this[int index] { get; }

    /// <summary>The whole image of person <paramref name="index"/>; the caller must not change it.</summary>
    /// <exception cref="PoseDataException">The image is missing or damaged; the message names it.</exception>
    RgbImage LoadImage(int index);
}
