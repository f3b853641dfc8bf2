using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using static TorchSharp.torch;

namespace Mspn.Core.Tests.Weights;

/// <summary>Damages sound and malformed files in many ways. MSPN_FUZZ_INPUTS tries more of them than the suite has time for.</summary>
public class WeightFileFuzzTests
{
    private const int DefaultInputs = 15_000;
    private const int TensorsRead = 8;
    private const long MostBytes = 1 << 26;

    private static readonly ulong[] Edges =
        [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 1UL << 40, long.MaxValue, 1UL << 63, ulong.MaxValue];

    private static readonly byte[] Instructions = [.. "(.012FIJKLMNQRXTUVabcdegh]jlpqrstu})BCGio"u8, .. Enumerable.Range(0x80, 0x19).Select(i => (byte)i)];

    [SkippableFact]
    public void A_damaged_file_is_read_or_refused_and_nothing_else()
    {
        byte[][] seeds = [.. Goldens.Find("ckpt", "", "").Where(g => g.Name.EndsWith(".pth") || g.Name.EndsWith(".safetensors"))
            .Select(g => File.ReadAllBytes(g.FullPath)).Where(b => b.Length > 0)];
        Skip.If(seeds.Length == 0, $"{Goldens.Folder} has no checkpoints.");
        var inputs = int.TryParse(Environment.GetEnvironmentVariable("MSPN_FUZZ_INPUTS"), CultureInfo.InvariantCulture, out var given) ? given : DefaultInputs;
        var refused = 0;
        for (var i = 0; i < inputs; i++)
        {
            refused += Try(i, seeds) ? 0 : 1;
        }
        refused.Should().BeInRange(inputs / 4, inputs - 1, "both kinds of outcome are tried");
    }

    private static bool Try(int seed, byte[][] seeds)
    {
        var random = new Random(seed);
        var input = seeds[random.Next(seeds.Length)];
        if (random.Next(2) == 0 && TryUnzip(input) is { } entries)
        {
            // Else hardly anything comes through the archive's own checks.
            var pickle = entries.FindIndex(e => e.Name.EndsWith("/data.pkl"));
            entries[pickle] = (entries[pickle].Name, Damaged(random, entries[pickle].Bytes, seeds));
            input = RawCheckpoint.Zip(entries);
        }
        else
        {
            input = Damaged(random, input, seeds);
        }
        var (start, bytes) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
        var sound = Read(random, input, seed);
        Stopwatch.GetElapsedTime(start).Should().BeLessThan(TimeSpan.FromSeconds(20), "input {0} does not hang", seed);
        (GC.GetAllocatedBytesForCurrentThread() - bytes).Should().BeLessThan(MostBytes, "input {0} is small", seed);
        return sound;
    }

    private static bool Read(Random random, byte[] input, int seed)
    {
        try
        {
            using var scope = NewDisposeScope();
            using var file = WeightFile.Open("damaged", new MemoryStream(input));
            for (var i = 0; i < TensorsRead && file.Names.Count > 0; i++)
            {
                using var tensor = file.Read(file.Names[random.Next(file.Names.Count)]);
                (tensor.numel() * tensor.ElementSize).Should().BeLessThanOrEqualTo(MostBytes);
            }
            return true;
        }
        catch (PoseDataException e) when (e.SourceName == "damaged")
        {
            return false;
        }
        catch (Exception e) when (e is not Xunit.Sdk.XunitException)
        {
            throw new InvalidOperationException($"Input {seed} led to {e.GetType().Name}.", e);
        }
    }

    private static byte[] Damaged(Random random, byte[] sound, byte[][] seeds)
    {
        var input = sound.ToList();
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            Damage(random, input, seeds);
        }
        return [.. input];
    }

    private static List<(string Name, byte[] Bytes)>? TryUnzip(byte[] input)
    {
        if (!input.AsSpan().StartsWith("PK"u8))
        {
            return null;
        }
        try
        {
            using var zip = new ZipArchive(new MemoryStream(input));
            return [.. zip.Entries.Select(e => (e.FullName, Content(e)))];
        }
        catch (InvalidDataException)
        {
            return null; // one of the malformed files
        }

        static byte[] Content(ZipArchiveEntry entry)
        {
            using var stream = entry.Open();
            var content = new byte[entry.Length];
            stream.ReadExactly(content);
            return content;
        }
    }

    private static void Damage(Random random, List<byte> input, byte[][] seeds)
    {
        var at = Place(random, input.Count);
        switch (random.Next(6))
        {
            case 0: // flipped bits
                for (var flips = random.Next(1, 9); flips > 0 && input.Count > 0; flips--)
                {
                    input[Math.Min(Place(random, input.Count), input.Count - 1)] ^= (byte)(1 << random.Next(8));
                }
                break;
            case 1: // cut off
                input.RemoveRange(at, input.Count - at);
                break;
            case 2: // a part taken out
                input.RemoveRange(at, random.Next(Math.Min(input.Count - at, 200) + 1));
                break;
            case 3: // a part of this or another file put in, or over what was there
                var other = random.Next(2) == 0 ? [.. input] : seeds[random.Next(seeds.Length)];
                var from = random.Next(other.Length + 1);
                var part = other[from..(from + random.Next(Math.Min(other.Length - from, 200) + 1))];
                input.RemoveRange(at, random.Next(2) == 0 ? 0 : Math.Min(part.Length, input.Count - at));
                input.InsertRange(at, part);
                break;
            case 4: // another number
                var number = BitConverter.GetBytes(Edges[random.Next(Edges.Length)]).Take(1 << random.Next(4)).ToArray();
                if (random.Next(2) == 0)
                {
                    Array.Reverse(number);
                }
                for (var i = 0; i < number.Length && at + i < input.Count; i++)
                {
                    input[at + i] = number[i];
                }
                break;
            default: // other instructions
                for (var i = random.Next(1, 5); i > 0 && at < input.Count; i--, at++)
                {
                    input[at] = Instructions[random.Next(Instructions.Length)];
                }
                break;
        }
    }

    // Descriptions lie at the beginning and the end; numbers, in which damage cannot be seen, between.
    private static int Place(Random random, int count) => random.Next(3) switch
    {
        0 => random.Next(Math.Min(count, 4096) + 1),
        1 => count - random.Next(Math.Min(count, 4096) + 1),
        _ => random.Next(count + 1),
    };
}
