namespace Mspn.Onnx;

/// <summary>What the boxes in a detector's output are measured in; both kinds have one shape.</summary>
public enum DetectorBoxes
{
    /// <summary>Recognised when the model is loaded: on a grey image, boxes in pixels are near the cells that they come from, others are all alike.</summary>
    Recognised,

    /// <summary>Centres in cells from the cell's corner, sizes as logarithms of cells: YOLOX's export as it is.</summary>
    Cells,

    /// <summary>Centres and sizes in pixels of the input: YOLOX's export with <c>--decode_in_inference</c>.</summary>
    Pixels,
}
