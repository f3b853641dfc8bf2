using System.Globalization;
using System.Text;
using static TorchSharp.torch;

namespace Mspn.Core;

/// <summary>
/// Writes PyTorch checkpoints: a state dict in the zip format of PyTorch 1.6 and later, which <c>torch.load(…, weights_only=True)</c> accepts.
/// </summary>
public static class PytorchWriter
{
    private const string Folder = "archive/";

    /// <summary>
    /// Writes tensors as an <c>OrderedDict</c> by name. Needs the memory of one tensor at most. The file appears under its name only when it is
    /// complete, so that an interrupted program leaves the old file or the new one, never half of it.
    /// </summary>
    /// <param name="path">The file, usually <c>.pth</c>; missing folders are created, an existing file is replaced.</param>
    /// <param name="tensors">Tensors by name; any device, any layout. Each is written on its own, in row order and for the CPU. They are not changed.</param>
    /// <param name="progress">Told how many tensors are written.</param>
    /// <exception cref="ArgumentException">A tensor is of a type that is not written, such as complex numbers, or has the name of another.</exception>
    /// <exception cref="PoseDataException">The folder or file cannot be written; the message names it.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IProgress<int>? progress = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var list = NamedTensors.Checked(tensors);
        var pickle = StateDictPickle.Write([.. list.Select(t => (t.Key, t.Value.dtype, t.Value.shape))]);
        AtomicFile.Write(path, stream =>
        {
            var zip = new StoredZipWriter(stream);
            zip.Add(Folder + "data.pkl", pickle.Length, use => use(pickle));
            zip.Add(Folder + "byteorder", "little"u8.Length, use => use(Encoding.ASCII.GetBytes("little")));
            for (var i = 0; i < list.Length; i++)
            {
                var tensor = list[i].Value;
                zip.Add(
                    string.Create(CultureInfo.InvariantCulture, $"{Folder}data/{i}"),
                    tensor.numel() * WeightTypes.Size(tensor.dtype),
                    use => TensorStreams.ForEachRowOrderChunk(tensor, use));
                progress?.Report(i + 1);
            }
            zip.Add(Folder + "version", "3\n"u8.Length, use => use(Encoding.ASCII.GetBytes("3\n")));
            zip.Finish();
        });
    }
}
