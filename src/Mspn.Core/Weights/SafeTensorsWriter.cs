using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>Writes <c>.safetensors</c> files.</summary>
public static class SafeTensorsWriter
{
    /// <summary>
    /// Writes tensors and metadata. The file appears under its name only when it is complete, so that an interrupted program leaves the
    /// old file or the new one, never half of it.
    /// </summary>
    /// <param name="path">The file; missing folders are created, an existing file is replaced.</param>
    /// <param name="tensors">Tensors by name; any device, any layout. They are not changed.</param>
    /// <param name="metadata">Strings for the header, or null.</param>
    /// <param name="progress">Told how many tensors are written.</param>
    /// <exception cref="ArgumentException">A tensor is of a type that is not written, such as complex numbers, or has the name of another or of the metadata.</exception>
    /// <exception cref="PoseDataException">The folder or file cannot be written; the message names it.</exception>
    public static void Write(
        string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null,
        IProgress<int>? progress = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var list = NamedTensors.Checked(tensors);
        var header = BuildHeader(list, metadata);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> prefix = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
            stream.Write(prefix);
            stream.Write(header);
            for (var i = 0; i < list.Length; i++)
            {
                TensorStreams.ForEachRowOrderChunk(list[i].Value, chunk => stream.Write(chunk));
                progress?.Report(i + 1);
            }
        });
    }

    private static byte[] BuildHeader(KeyValuePair<string, Tensor>[] tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is not null)
            {
                json.WriteStartObject(SafeTensorsFile.MetadataKey);
                foreach (var (key, value) in metadata)
                {
                    json.WriteString(key, value);
                }
                json.WriteEndObject();
            }
            var offset = 0L;
            foreach (var (name, tensor) in tensors)
            {
                if (name == SafeTensorsFile.MetadataKey)
                {
                    throw new ArgumentException($"A tensor cannot be called '{name}', which is the metadata's name.", nameof(tensors));
                }
                json.WriteStartObject(name);
                json.WriteString("dtype", WeightTypes.SafeTensors(tensor.dtype));
                json.WriteStartArray("shape");
                foreach (var dimension in tensor.shape)
                {
                    json.WriteNumberValue(dimension);
                }
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                offset += tensor.numel() * WeightTypes.Size(tensor.dtype);
                json.WriteNumberValue(offset);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        while (buffer.Length % 8 != 0)
        {
            buffer.WriteByte((byte)' '); // keeps the data aligned, as the format recommends
        }
        return buffer.ToArray();
    }
}
