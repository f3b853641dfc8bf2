namespace Mspn.Core;

/// <summary>Reads people from what a network predicts. Implementations have no state and are shared between threads.</summary>
public interface IPoseDecoder
{
    /// <summary>
    /// Whether a flip test moves the mirrored maps by one cell before it averages: where cell <c>x</c> stands for pixel <c>x·s</c>, maps of a mirrored
    /// image come back almost a cell too far left. Default false.
    /// </summary>
    bool ShiftsMirroredMaps => false;

    /// <summary>Finds the people in each image of a batch.</summary>
    /// <param name="output">The network's prediction.</param>
    /// <param name="inputSize">Size of the images that were its input.</param>
    /// <returns>
    /// For each image its people, with keypoints in pixels of that image: exactly one from the decoders of top-down networks, any number, the surest
    /// first, from those of bottom-up networks.
    /// </returns>
    /// <exception cref="ArgumentException">The output lacks what this decoder reads, or has another shape; the message says what.</exception>
    IReadOnlyList<IReadOnlyList<PersonPrediction>> DecodePeople(PoseOutput output, ImageSize inputSize);
}
