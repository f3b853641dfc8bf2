namespace Mspn.Core;

/// <summary>What a mirrored image makes of a limb.</summary>
/// <param name="Limb">Index, in the layout, of the limb that is seen in its place; a limb on the body's middle is its own.</param>
/// <param name="Turns">Whether that limb runs the other way, so that both components of its field change sign (on top of the x
/// component's change of sign in every mirrored field).</param>
public readonly record struct LimbMirror(int Limb, bool Turns);
