using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Mspn.Core;

namespace Mspn.Training;

/// <summary>Trains every variant with every seed, one run after another, and can be ended and gone on with at any time.</summary>
/// <remarks>
/// All variants are trained with the first seed before any is with the second, so that a study that was ended early compares alike. Each run has a
/// folder, <c>VARIANT/SEED</c>; a finished one has <c>result.json</c> there and is not repeated. Several processes on one machine may share a study's
/// folder: each takes the next run that no other is at, so that one thread each keeps all cores busy.
/// </remarks>
public sealed class AblationStudy
{
    private const string ResultFile = "result.json";

    // What an IOException says of a file that another process has locked.
    private const int SharingViolation = unchecked((int)0x80070020);
    private const int TryAgainOnLinux = 11;
    private const int TryAgainOnMac = 35;

    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(50);

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private readonly string _folder;
    private readonly string _settings;
    private readonly ILogger _logger;

    /// <summary>Plans a study.</summary>
    /// <param name="folder">Where it keeps everything; created if missing.</param>
    /// <param name="settings">
    /// All that the runs have in common, in words or JSON: data, budget, recipe. It is kept in <c>study.json</c>, and a study with other settings is not gone on
    /// with.
    /// </param>
    /// <param name="score">What the score is called, such as <c>PCK@0.2</c>.</param>
    /// <param name="variants">Names of what is compared; they become folders.</param>
    /// <param name="seeds">The seeds.</param>
    /// <param name="logger">Told about each run.</param>
    /// <exception cref="ArgumentException">There is nothing to train, or a name is empty, appears twice or cannot be a folder's.</exception>
    public AblationStudy(
        string folder, string settings, string score, IReadOnlyList<string> variants, IReadOnlyList<long> seeds, ILogger? logger = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentException.ThrowIfNullOrEmpty(score);
        ArgumentNullException.ThrowIfNull(variants);
        ArgumentNullException.ThrowIfNull(seeds);
        if (variants.Count == 0 || seeds.Count == 0)
        {
            throw new ArgumentException("A study needs at least one variant and one seed.");
        }
        if (variants.FirstOrDefault(v => string.IsNullOrWhiteSpace(v) || v.IndexOfAny([.. Path.GetInvalidFileNameChars(), '/', '\\', ',']) >= 0 || v is "." or "..") is { } bad)
        {
            throw new ArgumentException($"A variant's name becomes a folder and a column, which '{bad}' cannot.", nameof(variants));
        }
        if (variants.Distinct().Count() != variants.Count || seeds.Distinct().Count() != seeds.Count)
        {
            throw new ArgumentException("Variants and seeds must differ from each other.", nameof(variants));
        }
        (_folder, _settings, Score, Variants, Seeds) = (folder, settings, score, variants, seeds);
        _logger = logger ?? NullLogger.Instance;
    }

    /// <summary>What the score is called.</summary>
    public string Score { get; }

    /// <summary>What is compared.</summary>
    public IReadOnlyList<string> Variants { get; }

    /// <summary>The seeds.</summary>
    public IReadOnlyList<long> Seeds { get; }

    /// <summary>
    /// Told the table whenever it has been written, and before another process may write it: to draw it, for instance. Default null.
    /// </summary>
    public Action<AblationTable>? TableWritten { get; init; }

    /// <summary>Where a run keeps its checkpoints and its result.</summary>
    public string FolderOf(string variant, long seed) => Path.Combine(_folder, variant, string.Create(CultureInfo.InvariantCulture, $"seed{seed}"));

    /// <summary>The table of the runs that are finished; it is also in <c>table.md</c> and <c>table.csv</c>.</summary>
    /// <exception cref="PoseDataException">A result cannot be read.</exception>
    public AblationTable Table() => new(Score, Variants, Seeds.SelectMany(seed => Variants.Select(variant => ReadResult(variant, seed))).OfType<AblationResult>());

    /// <summary>Trains what is neither finished nor being trained by another process.</summary>
    /// <param name="train">
    /// Trains a variant with a seed in a folder, going on from what is there, and scores it. Called for one run after another.
    /// </param>
    /// <param name="cancellation">Ends the study; the run at hand is expected to keep a checkpoint.</param>
    /// <returns>The table of what is finished by then.</returns>
    /// <exception cref="OperationCanceledException">The study was cancelled; it can be gone on with.</exception>
    /// <exception cref="PoseDataException">The folder holds a study with other settings, or cannot be used.</exception>
    public AblationTable Run(Func<string, long, string, AblationResult> train, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        CheckSettings(cancellation);
        foreach (var seed in Seeds)
        {
            foreach (var variant in Variants)
            {
                cancellation.ThrowIfCancellationRequested();
                var folder = FolderOf(variant, seed);
                using var claim = Claim(Path.Combine(folder, "run"));
                if (claim is null)
                {
                    _logger.LogInformation("{Variant}, seed {Seed}: another process is at it.", variant, seed);
                    continue;
                }
                // Only now: another process may have finished it a moment ago.
                if (ReadResult(variant, seed) is not null)
                {
                    continue;
                }
                _logger.LogInformation("{Variant}, seed {Seed}: training in {Folder}.", variant, seed, folder);
                var result = train(variant, seed, folder) with { Variant = variant, Seed = seed };
                AtomicFile.Write(Path.Combine(folder, ResultFile), stream => JsonSerializer.Serialize(stream, result, Json));
                _logger.LogInformation("{Variant}, seed {Seed}: {Score} {Value:0.0000}.", variant, seed, Score, result.Score);
                WriteTable(cancellation);
            }
        }
        return WriteTable(cancellation);
    }

    private static void WriteText(string path, string text) => AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>Takes something for this process until it is disposed, or until the process ends however it does; null if another one has it.</summary>
    private static FileStream? Claim(string what)
    {
        var path = what + ".lock";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.HResult is SharingViolation or TryAgainOnLinux or TryAgainOnMac)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PoseDataException(path, $"the study's folder cannot be used ({e.Message})", e);
        }
    }

    // Waits for what all processes write: the table and the settings.
    private FileStream ClaimStudy(CancellationToken cancellation)
    {
        while (true)
        {
            if (Claim(Path.Combine(_folder, "table")) is { } claim)
            {
                return claim;
            }
            cancellation.ThrowIfCancellationRequested();
            Thread.Sleep(Wait);
        }
    }

    private AblationTable WriteTable(CancellationToken cancellation)
    {
        using var claim = ClaimStudy(cancellation);
        var table = Table();
        WriteText(Path.Combine(_folder, "table.md"), table.ToMarkdown());
        WriteText(Path.Combine(_folder, "table.csv"), table.ToCsv());
        TableWritten?.Invoke(table);
        return table;
    }

    private void CheckSettings(CancellationToken cancellation)
    {
        var path = Path.Combine(_folder, "study.json");
        // Processes that are started together would write the file at the same time.
        using var claim = ClaimStudy(cancellation);
        try
        {
            if (File.Exists(path))
            {
                var before = File.ReadAllText(path);
                if (before != _settings)
                {
                    throw new PoseDataException(path, $"the folder holds a study with other settings: {before} there, {_settings} now.");
                }
                return;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PoseDataException(path, $"the study's folder cannot be used ({e.Message})", e);
        }
        WriteText(path, _settings);
    }

    private AblationResult? ReadResult(string variant, long seed)
    {
        var path = Path.Combine(FolderOf(variant, seed), ResultFile);
        if (!File.Exists(path))
        {
            return null;
        }
        try
        {
            return JsonSerializer.Deserialize<AblationResult>(File.ReadAllText(path), Json) ?? throw new JsonException("null");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new PoseDataException(path, $"the result cannot be read ({e.Message})", e);
        }
    }
}
