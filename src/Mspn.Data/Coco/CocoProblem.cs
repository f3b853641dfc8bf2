namespace Mspn.Data;

/// <summary>One thing in a COCO file that cannot be used.</summary>
/// <param name="Fault">Why not.</param>
/// <param name="Item">What it is, such as <c>annotation 100</c>, or <c>annotations[3]</c> where there is no id.</param>
/// <param name="Id">Its id; null where it has none.</param>
/// <param name="Field">The field at fault, as the file calls it.</param>
/// <param name="Problem">What is wrong, following <paramref name="Item"/> in a sentence.</param>
public sealed record CocoProblem(CocoFault Fault, string Item, long? Id, string Field, string Problem)
{
    /// <summary>The sentence.</summary>
    public override string ToString() => $"{Item} {Problem} (field '{Field}').";
}
