namespace Mspn.Data;

/// <summary>Which people of an MPII file are read. Only bearpaw's layout tells them apart (<c>isValidation</c>); of the other there is a file for each.</summary>
public enum MpiiPart
{
    /// <summary>Everybody in the file.</summary>
    Everybody,

    /// <summary>Those to train on.</summary>
    Training,

    /// <summary>Those of Tompson's validation split.</summary>
    Validation,
}
