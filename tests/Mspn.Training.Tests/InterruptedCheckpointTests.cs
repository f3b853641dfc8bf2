using Microsoft.Extensions.Logging;
using static Mspn.Training.Tests.SmallRun;

namespace Mspn.Training.Tests;

/// <summary>What a run killed while it wrote a checkpoint leaves behind.</summary>
public sealed class InterruptedCheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly OneThread _thread = new();

    private string Newest => Checkpoint(_folder.Path);

    private string Previous => PreviousCheckpoint(_folder.Path);

    private string Fresh => Newest + ".new";

    public void Dispose()
    {
        _thread.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_complete_checkpoint_that_is_not_in_its_place_yet_is_gone_on_from(bool afterFirstRename)
    {
        Cancelled(6);
        File.Move(Newest, Fresh);
        if (!afterFirstRename)
        {
            File.Move(Previous, Newest);
        }
        var logger = new CapturingLogger();
        var resume = () => Train(_folder, resume: true, networkSeed: 99, logger: logger, loss: new NanLoss(1));

        // The first step fails, so that the folder is as resuming has left it.
        resume.Should().Throw<NonFiniteLossException>().Which.Checkpoint.Should().Be(Newest);
        logger.At(LogLevel.Information).Should().Contain(m => m.Contains("Resumed at step 6"));
        logger.At(LogLevel.Warning).Should().BeEmpty();
        (PlaceOf(Newest).Step, PlaceOf(Previous).Step).Should().Be((6, 5));
        Directory.GetFiles(_folder.Path).Should().BeEquivalentTo(Newest, Previous);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_incomplete_is_removed_at_the_next_start(bool resume)
    {
        Cancelled(6);
        File.WriteAllBytes(Fresh + ".partial", [1, 2, 3]);
        File.WriteAllText(_folder.File(".write-test"), "");
        Train(_folder, resume: resume).Step.Should().Be(Steps);
        Directory.GetFiles(_folder.Path).Should().BeEquivalentTo(
            resume ? [Newest, Previous] : new[] { Newest }, "a run that starts anew keeps nothing of the one before it");
    }

    [Fact]
    public void A_damaged_checkpoint_is_not_kept_as_the_one_before()
    {
        Cancelled(6);
        File.WriteAllBytes(Newest, File.ReadAllBytes(Newest)[..100]);
        Cancelled(6, resume: true);
        (PlaceOf(Newest).Step, PlaceOf(Previous).Step).Should().Be((6, 5));
    }

    [Fact]
    public void A_loss_that_is_not_a_number_names_a_sound_checkpoint_of_the_same_run()
    {
        Cancelled(6);
        File.WriteAllBytes(Newest, []);
        var resumed = () => Train(_folder, resume: true, loss: new NanLoss(1));
        resumed.Should().Throw<NonFiniteLossException>().Which.Checkpoint.Should().Be(Previous);
        var anew = () => Train(_folder, loss: new NanLoss(1));
        anew.Should().Throw<NonFiniteLossException>().Which.Checkpoint.Should().BeNull("what lies there is of another run");
    }

    private void Cancelled(int step, bool resume = false)
    {
        var train = () => Train(_folder, resume: resume, cancelAt: step, everyStep: true);
        train.Should().Throw<OperationCanceledException>();
    }
}
