namespace Mspn.Data;

/// <summary>Why something in a COCO file cannot be used.</summary>
public enum CocoFault
{
    /// <summary>A field is missing that is needed.</summary>
    Missing,

    /// <summary>A field holds another kind of value than it should, such as text for a number.</summary>
    WrongType,

    /// <summary>A field holds a value that it cannot have, such as a negative width.</summary>
    WrongValue,

    /// <summary>A number is NaN or infinite.</summary>
    NotFinite,

    /// <summary>An id appears twice.</summary>
    Duplicate,

    /// <summary>The image is not listed.</summary>
    UnknownImage,

    /// <summary>The category is not listed.</summary>
    UnknownCategory,

    /// <summary>There are more or fewer keypoints than the category or schema has.</summary>
    KeypointCount,

    /// <summary>A visibility is not 0, 1 or 2.</summary>
    Visibility,

    /// <summary>The box is missing, incomplete or without an area.</summary>
    Box,

    /// <summary>The box lies outside of its image.</summary>
    BoxOutsideImage,

    /// <summary>The area is negative.</summary>
    Area,
}
