using System.Buffers.Binary;
using System.Numerics;
using Google.Protobuf;
using Mspn.Core;
using Tensorboard;

namespace Mspn.Training;

/// <summary>
/// Writes TensorBoard's event files: <c>train/loss</c>, <c>train/smoothed_loss</c>, <c>train/learning_rate</c>, <c>train/people_per_second</c>,
/// <c>train/waiting_share</c> and <c>validation/NAME</c>.
/// </summary>
/// <remarks>
/// Every start adds a file and says from which step on it counts, upon which TensorBoard forgets the steps that a resumed run repeats. TorchSharp's
/// <c>SummaryWriter</c> cannot say that, opens its file anew for every number, and dates the file's beginning in ticks instead of seconds; the messages are its.
/// </remarks>
/// <param name="folder">The folder, created if missing; <c>tensorboard --logdir</c> takes it or its parent.</param>
public sealed class TensorBoardLog(string folder) : ITrainingLog
{
    private static int _files;
    private FileStream? _file;

    /// <summary>Steps between two points, at least 1. Default 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int Every { get; init => field = Require.AtLeast(value, 1, nameof(Every)); } = 1;

    /// <inheritdoc />
    public void Begin(int step, bool resumed)
    {
        Directory.CreateDirectory(folder);
        // TensorBoard reads a folder's files in the order of their names.
        var name = FormattableString.Invariant(
            $"events.out.tfevents.{DateTimeOffset.UtcNow.ToUnixTimeSeconds():0000000000}.{Environment.MachineName}.{Environment.ProcessId}.{Interlocked.Increment(ref _files)}");
        _file = new FileStream(Path.Combine(folder, name), FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        Write(new Event { FileVersion = "brain.Event:2" });
        Write(new Event { Step = resumed ? step + 1 : 0, SessionLog = new SessionLog { Status = SessionLog.Types.SessionStatus.Start } });
    }

    /// <inheritdoc />
    public void Step(TrainingProgress progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        if (progress.Step % Every == 0)
        {
            Write(progress.Step, [
                ("train/loss", progress.Loss), ("train/smoothed_loss", progress.SmoothedLoss), ("train/learning_rate", progress.LearningRate),
                ("train/people_per_second", progress.PeoplePerSecond), ("train/waiting_share", progress.WaitingShare),
            ]);
        }
    }

    /// <inheritdoc />
    public void Validated(TrainingProgress progress, IReadOnlyDictionary<string, double> scores)
    {
        ArgumentNullException.ThrowIfNull(progress);
        ArgumentNullException.ThrowIfNull(scores);
        Write(progress.Step, scores.Select(s => ("validation/" + s.Key, s.Value)));
    }

    /// <inheritdoc />
    public void End()
    {
        _file?.Dispose();
        _file = null;
    }

    private void Write(int step, IEnumerable<(string Tag, double Value)> points)
    {
        var summary = new Summary();
        summary.Value.AddRange(points.Select(p => new Summary.Types.Value { Tag = p.Tag, SimpleValue = (float)p.Value }));
        Write(new Event { Step = step, Summary = summary });
    }

    // TFRecord: length, its checksum, the message, its checksum.
    private void Write(Event message)
    {
        message.WallTime = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;
        var content = message.ToByteArray();
        var record = new byte[8 + 4 + content.Length + 4];
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), MaskedChecksum(record.AsSpan(0, 8)));
        content.CopyTo(record, 12);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(12 + content.Length), MaskedChecksum(content));
        _file!.Write(record);
    }

    private static uint MaskedChecksum(ReadOnlySpan<byte> bytes)
    {
        var checksum = uint.MaxValue;
        foreach (var value in bytes)
        {
            checksum = BitOperations.Crc32C(checksum, value);
        }
        return BitOperations.RotateRight(~checksum, 15) + 0xa282ead8; // masked, so that checksums of checksums are sound
    }
}
