using System.Globalization;
using System.Net.Sockets;
using Mspn.Core;

namespace Mspn.Training.Tests;

public sealed class AblationStudyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _trained = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_variant_is_trained_with_a_seed_before_any_is_with_the_next()
    {
        var table = Study().Run(Train);
        _trained.Should().Equal("plain 1", "better 1", "plain 2", "better 2");
        table.Rows.Select(r => r.Variant).Should().Equal("plain", "better");
        var plain = table.Rows[0];
        (plain.Runs.Count, plain.Parameters, plain.MultiplyAdds, plain.Steps, plain.Seconds).Should().Be((2, 5, 100, 10, 60));
        plain.Runs.Select(r => (r.Seed, r.Score)).Should().Equal((1, 0.1), (2, 0.2));
        plain.Mean.Should().BeApproximately(0.15, 1e-12);
        plain.Deviation.Should().BeApproximately(Math.Sqrt(0.005), 1e-12);
        File.ReadAllText(_folder.File("table.md")).Should().Be(table.ToMarkdown()).And.Contain("| plain | 0.1500 ± 0.0707 | 2 |");
        File.ReadAllText(_folder.File("table.csv")).Should().Be(table.ToCsv()).And.Contain("plain,PCK,0.15").And.Contain(",60,0.1 0.2" + Environment.NewLine);
    }

    [Fact]
    public void Whoever_draws_the_table_is_told_after_every_run()
    {
        var told = new List<string>();
        var study = new AblationStudy(_folder.Path, "", "PCK", ["plain", "better"], [1, 2])
        {
            TableWritten = table =>
            {
                File.ReadAllText(_folder.File("table.md")).Should().Be(table.ToMarkdown());
                told.Add(string.Join(' ', table.Rows.Select(r => r.Runs.Count)));
            },
        };
        study.Run(Train);
        told.Should().Equal("1", "1 1", "2 1", "2 2", "2 2");
    }

    [Fact]
    public void An_interrupted_study_goes_on_where_it_was()
    {
        var interrupted = () => Study().Run((variant, seed, folder) => _trained.Count == 2 ? throw new OperationCanceledException() : Train(variant, seed, folder));
        interrupted.Should().Throw<OperationCanceledException>();
        Study().Table().Rows.Should().HaveCount(2).And.OnlyContain(r => r.Runs.Count == 1 && double.IsNaN(r.Deviation));
        _trained.Clear();
        Study().Run(Train).Rows.Should().OnlyContain(r => r.Runs.Count == 2);
        _trained.Should().Equal("plain 2", "better 2");
    }

    [Fact]
    public void A_second_process_trains_what_the_first_is_not_at()
    {
        var alone = Study().Run((variant, seed, folder) =>
        {
            if (_trained.Count == 0)
            {
                _trained.Add("first begins");
                Study().Run(Train).Rows.Single(r => r.Variant == "plain").Runs.Should().ContainSingle();
            }
            return Train(variant, seed, folder);
        });
        _trained.Should().Equal("first begins", "better 1", "plain 2", "better 2", "plain 1");
        alone.Rows.Should().OnlyContain(r => r.Runs.Count == 2);
    }

    [Fact]
    public async Task Processes_that_start_together_in_a_fresh_folder_do_not_disturb_each_other()
    {
        const int processes = 4;
        using var start = new Barrier(processes);
        var runs = Enumerable.Range(0, processes).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return Study().Run((_, seed, _) => new AblationResult(string.Empty, 0, seed, 5, 100, 10, 60));
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        await Task.WhenAll(runs);
        Study().Table().Rows.Should().HaveCount(2).And.OnlyContain(r => r.Runs.Count == 2);
    }

    [Fact]
    public void Waiting_for_another_process_can_be_cancelled()
    {
        using var other = new FileStream(_folder.File("table.lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        Study().Invoking(s => s.Run(Train, source.Token)).Should().Throw<OperationCanceledException>();
    }

    [SkippableFact]
    public void What_cannot_be_opened_is_not_taken_for_busy()
    {
        Skip.If(OperatingSystem.IsWindows(), "a socket in the file system is what no Unix opens as a file");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_folder.File("table.lock")));
        Study().Invoking(s => s.Run(Train)).Should().Throw<PoseDataException>().WithMessage($"{_folder.File("table.lock")}*cannot be used*");
    }

    [Fact]
    public void Folders_are_called_the_same_in_every_culture()
    {
        var before = CultureInfo.CurrentCulture;
        var nordic = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        nordic.NumberFormat.NegativeSign = "\u2212";
        try
        {
            CultureInfo.CurrentCulture = nordic;
            Study().FolderOf("plain", -1).Should().Be(_folder.File("plain", "seed-1"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void A_score_that_is_not_a_number_is_kept()
    {
        Study().Run((variant, seed, folder) => Train(variant, seed, folder) with { Score = double.NaN });
        Study().Table().Rows.Should().OnlyContain(r => double.IsNaN(r.Mean));
    }

    [Fact]
    public void A_study_with_other_settings_is_not_gone_on_with()
    {
        Study().Run(Train);
        var other = () => Study("other data").Run(Train);
        other.Should().Throw<PoseDataException>().WithMessage($"{_folder.File("study.json")}*some data there, other data now*");
    }

    [Fact]
    public void A_damaged_result_is_an_error_that_names_it()
    {
        Study().Run(Train);
        var path = Path.Combine(Study().FolderOf("plain", 2), "result.json");
        File.WriteAllText(path, "{");
        var table = () => Study().Table();
        table.Should().Throw<PoseDataException>().WithMessage($"{path}*");
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("a,b")]
    [InlineData(" ")]
    public void Names_that_cannot_be_folders_are_refused(string name)
    {
        var plan = () => new AblationStudy(_folder.Path, "", "PCK", [name], [1]);
        plan.Should().Throw<ArgumentException>();
    }

    private AblationStudy Study(string settings = "some data") => new(_folder.Path, settings, "PCK", ["plain", "better"], [1, 2]);

    private AblationResult Train(string variant, long seed, string folder)
    {
        Directory.Exists(folder).Should().BeTrue();
        _trained.Add($"{variant} {seed}");
        return new AblationResult(string.Empty, 0, seed * (variant == "plain" ? 0.1 : 0.2), 5, 100, 10, 60);
    }
}
