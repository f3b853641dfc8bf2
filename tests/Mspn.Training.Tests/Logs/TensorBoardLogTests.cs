using System.Buffers.Binary;
using Tensorboard;
using static Mspn.Training.Tests.TrainingLogsTests;

namespace Mspn.Training.Tests;

public sealed class TensorBoardLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Events_can_be_read_and_resumed_runs_say_which_steps_they_repeat()
    {
        var log = new TensorBoardLog(_folder.File("tensorboard"));
        log.Begin(0, resumed: false);
        log.Step(At(1));
        log.Step(At(2));
        log.Validated(At(2), new Dictionary<string, double> { ["pck@0.2"] = 0.25 });
        log.End();
        log.Begin(1, resumed: true);
        log.Step(At(2));
        log.End();

        var files = Directory.GetFiles(_folder.File("tensorboard")).OrderBy(f => f.Length).ThenBy(f => f, StringComparer.Ordinal).ToArray();
        files.Select(f => Path.GetFileName(f)!).Should().HaveCount(2).And.OnlyContain(f => f.StartsWith("events.out.tfevents.", StringComparison.Ordinal));
        var (first, second) = (Events(files[0]), Events(files[1]));
        first[0].FileVersion.Should().Be("brain.Event:2");
        (first[1].SessionLog.Status, first[1].Step).Should().Be((SessionLog.Types.SessionStatus.Start, 0L));
        first.Skip(2).Select(e => e.Step).Should().Equal(1, 2, 2);
        first[3].Summary.Value.Select(v => (v.Tag, v.SimpleValue)).Should().Equal(
            ("train/loss", 0.5f), ("train/smoothed_loss", 0.5f), ("train/learning_rate", 1e-3f), ("train/people_per_second", 40f), ("train/waiting_share", 0.25f));
        first[4].Summary.Value.Select(v => (v.Tag, v.SimpleValue)).Should().Equal(("validation/pck@0.2", 0.25f));
        first.Concat(second).Should().OnlyContain(e => Math.Abs(e.WallTime - DateTimeOffset.UtcNow.ToUnixTimeSeconds()) < 60);
        (second[1].SessionLog.Status, second[1].Step).Should().Be((SessionLog.Types.SessionStatus.Start, 2L));
        second.Should().HaveCount(3);
    }

    private static List<Event> Events(string file)
    {
        var (bytes, events) = (File.ReadAllBytes(file), new List<Event>());
        for (var at = 0; at < bytes.Length;)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));
            Check(bytes, at, 8);
            Check(bytes, at + 12, length);
            events.Add(Event.Parser.ParseFrom(bytes, at + 12, length));
            at += 12 + length + 4;
        }
        return events;
    }

    private static void Check(byte[] bytes, int at, int length)
    {
        var checksum = Checksum(bytes.AsSpan(at, length));
        BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + length)).Should().Be((checksum >> 15 | checksum << 17) + 0xa282ead8);
    }

    // Castagnoli's, bit by bit; its check value is that of RFC 3720.
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var remainder = uint.MaxValue;
        foreach (var value in bytes)
        {
            remainder ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                remainder = remainder >> 1 ^ ((remainder & 1) == 1 ? 0x82f63b78 : 0);
            }
        }
        return ~remainder;
    }

    [Fact]
    public void The_checksum_is_the_usual_one() => Checksum("123456789"u8).Should().Be(0xe3069283);
}
