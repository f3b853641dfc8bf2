namespace Mspn.Core;

/// <summary>How a training program arranges a network's tensors in its checkpoints.</summary>
public enum CheckpointKind
{
    /// <summary>The state dict itself: <c>torch.save(network.state_dict(), …)</c>, and files without other tensors.</summary>
    StateDict,

    /// <summary>The official MSPN code and its relatives: the state dict as <c>model</c>, beside <c>optimizer</c>, <c>scheduler</c> and <c>iteration</c>.</summary>
    Model,

    /// <summary>mmpose, HRNet, hourglass and others: the state dict as <c>state_dict</c>, beside <c>meta</c> or <c>epoch</c>.</summary>
    NamedStateDict,
}
