namespace Mspn.Samples.Tests;

/// <summary>Stands in for .NET Interactive's method of this name and keeps what is shown.</summary>
public static class NotebookDisplay
{
    /// <summary>What was shown since this was emptied last.</summary>
    public static List<string> Shown { get; } = [];

    /// <summary>Shows a text.</summary>
    public static void DisplayAs(this string value, string mimeType)
    {
        mimeType.Should().Be("text/html");
        Shown.Add(value);
    }
}
