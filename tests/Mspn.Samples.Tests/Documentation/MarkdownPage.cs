using System.Text.RegularExpressions;

namespace Mspn.Samples.Tests.Documentation;

/// <summary>A fenced block of a page.</summary>
/// <param name="Line">The line of its first line of code, from 1.</param>
/// <param name="Language">What it says after the fence.</param>
/// <param name="Code">What is in it.</param>
internal sealed record MarkdownBlock(int Line, string Language, string Code);

/// <summary>A page of the documentation.</summary>
/// <param name="name">Its path in the repository.</param>
internal sealed partial class MarkdownPage(string name)
{
    private const string Fence = "```";

    private readonly string[] _lines = File.ReadAllLines(Repository.File(name));

    /// <summary>The folder that its links are relative to.</summary>
    public string Folder { get; } = Path.GetDirectoryName(Repository.File(name))!;

    /// <summary>Its fenced blocks, from the top.</summary>
    public IReadOnlyList<MarkdownBlock> Blocks
    {
        get
        {
            var blocks = new List<MarkdownBlock>();
            for (var i = 0; i < _lines.Length; i++)
            {
                if (!_lines[i].StartsWith(Fence, StringComparison.Ordinal))
                {
                    continue;
                }
                var (first, language) = (i + 1, _lines[i][Fence.Length..]);
                for (i = first; _lines[i] != Fence; i++)
                {
                }
                blocks.Add(new MarkdownBlock(first + 1, language, string.Join('\n', _lines[first..i])));
            }
            return blocks;
        }
    }

    /// <summary>Its lines outside of blocks; those inside are empty.</summary>
    public IReadOnlyList<string> Prose
    {
        get
        {
            var inside = false;
            return [.. _lines.Select(line =>
            {
                var fence = line.StartsWith(Fence, StringComparison.Ordinal);
                inside ^= fence;
                return inside || fence ? string.Empty : line;
            })];
        }
    }

    /// <summary>What its links and pictures point to.</summary>
    public IEnumerable<string> Links => Prose.SelectMany(line => Link().Matches(line)).Select(m => m.Groups[1].Value);

    /// <summary>The anchors of its headings, as GitHub makes them.</summary>
    public IEnumerable<string> Anchors => Prose.Where(line => line.StartsWith('#'))
        .Select(line => NotInAnchors().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), string.Empty).Replace(' ', '-'));

    /// <summary>Its tables: each a number of lines with bars.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Tables
    {
        get
        {
            var tables = new List<List<string>>();
            var open = false;
            foreach (var line in Prose)
            {
                if (!line.StartsWith('|'))
                {
                    open = false;
                    continue;
                }
                if (!open)
                {
                    tables.Add([]);
                }
                open = true;
                tables[^1].Add(line);
            }
            return tables;
        }
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();
}
