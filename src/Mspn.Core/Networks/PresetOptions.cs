namespace Mspn.Core;

internal static class PresetOptions
{
    /// <summary>Checks options before a base constructor reads them.</summary>
    public static T Checked<T>(T options)
        where T : PoseNetworkOptions
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validated();
        return options;
    }
}
