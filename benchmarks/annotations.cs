#!/usr/bin/env dotnet
#:project ../src/Mspn.Data/Mspn.Data.csproj

// Reads a made-up COCO file like train2017's (polygons, crowds, 17 keypoints) in a temporary folder: time and memory.
//   dotnet run -c Release benchmarks/annotations.cs -- --megabytes 300
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Mspn.Data;

var megabytes = args switch
{
    [] => 300,
    ["--megabytes", var given] when int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
    _ => throw new ArgumentException("Only --megabytes and a whole number can be given."),
};
var path = Path.Combine(Path.GetTempPath(), $"mspn-annotations-{Environment.ProcessId}.json");
try
{
    Write(path, megabytes * 1_000_000L);
    Settle();
    for (var round = 0; round < 3; round++)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (allocated, peak, watch) = (GC.GetTotalAllocatedBytes(), 0L, Stopwatch.StartNew());
        var processor = Process.GetCurrentProcess().TotalProcessorTime;
        var file = CocoKeypointFile.Load(path, progress: new Sampler(() => peak = Math.Max(peak, GC.GetTotalMemory(false) - before)));
        var seconds = watch.Elapsed.TotalSeconds;
        processor = Process.GetCurrentProcess().TotalProcessorTime - processor;
        allocated = GC.GetTotalAllocatedBytes() - allocated;
        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        var size = new FileInfo(path).Length;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{size / 1e6:0} MB, {file.People.Count} annotations: {seconds:0.00} s ({processor.TotalSeconds:0.00} s of processor time), "
            + $"{size / 1e6 / seconds:0} MB/s; managed memory: {peak / 1e6:0} MB at most, "
            + $"{kept / 1e6:0} MB kept, {allocated / 1e6:0} MB allocated; peak working set {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:0} MB"));
        GC.KeepAlive(file);
    }
}
finally
{
    File.Delete(path);
}

static void Settle()
{
    // The first call is compiled and the file cached before anything is measured.
    var warm = """{"images": [{"id": 1}], "annotations": [{"id": 1, "image_id": 1, "keypoints": [1.5, 2, 2]}]}"""u8.ToArray();
    CocoKeypointFile.Load(new MemoryStream(warm), "warm");
}

static void Write(string path, long bytes)
{
    var random = new Random(1);
    using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
    using var json = new Utf8JsonWriter(stream);
    json.WriteStartObject();
    json.WriteStartArray("annotations");
    var id = 0;
    for (; stream.Position < bytes - bytes / 20; id++)
    {
        json.WriteStartObject();
        var crowd = id % 50 == 49;
        if (crowd)
        {
            json.WriteStartObject("segmentation");
            json.WriteStartArray("counts");
            for (var i = 0; i < 400; i++)
            {
                json.WriteNumberValue(random.Next(2000));
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        else
        {
            json.WriteStartArray("segmentation");
            json.WriteStartArray();
            for (var i = 0; i < 80; i++)
            {
                json.WriteNumberValue(Math.Round(random.NextDouble() * 640, 2));
            }
            json.WriteEndArray();
            json.WriteEndArray();
        }
        json.WriteNumber("num_keypoints", crowd ? 0 : 17);
        json.WriteNumber("area", Math.Round(random.NextDouble() * 50_000, 4));
        json.WriteNumber("iscrowd", crowd ? 1 : 0);
        json.WriteStartArray("keypoints");
        for (var k = 0; k < 17; k++)
        {
            json.WriteNumberValue(random.Next(640));
            json.WriteNumberValue(random.Next(480));
            json.WriteNumberValue(crowd ? 0 : 2);
        }
        json.WriteEndArray();
        json.WriteNumber("image_id", id / 2);
        json.WriteStartArray("bbox");
        for (var i = 0; i < 4; i++)
        {
            json.WriteNumberValue(Math.Round(1 + random.NextDouble() * 300, 2));
        }
        json.WriteEndArray();
        json.WriteNumber("category_id", 1);
        json.WriteNumber("id", id);
        json.WriteEndObject();
        json.Flush();
    }
    json.WriteEndArray();
    json.WriteStartArray("images");
    for (var i = 0; i <= id / 2; i++)
    {
        json.WriteStartObject();
        json.WriteString("file_name", string.Create(CultureInfo.InvariantCulture, $"{i:000000000000}.jpg"));
        json.WriteString("coco_url", "http://images.cocodataset.org/train2017/000000391895.jpg");
        json.WriteNumber("height", 480);
        json.WriteNumber("width", 640);
        json.WriteNumber("id", i);
        json.WriteEndObject();
        json.Flush();
    }
    json.WriteEndArray();
    json.WriteEndObject();
}

internal sealed class Sampler(Action sample) : IProgress<double>
{
    public void Report(double value) => sample();
}
