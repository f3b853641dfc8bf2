using Microsoft.ML.OnnxRuntime;
using Mspn.Core;

namespace Mspn.Onnx;

/// <summary>Opens ONNX files and runs them, with errors that name the file.</summary>
internal sealed class OnnxSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly string _path;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="threads">Threads that share one run; 0 for as many as the machine has cores.</param>
    /// <exception cref="PoseDataException">The file is missing, or is not a model that ONNX Runtime takes.</exception>
    /// <exception cref="InvalidOperationException">The application has not brought ONNX Runtime's native library.</exception>
    public OnnxSession(string path, int threads)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
        {
            throw PoseDataException.Unreadable(path, "ONNX file", new FileNotFoundException());
        }
        _path = path;
        try
        {
            using var options = new SessionOptions { IntraOpNumThreads = threads, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
            // Threads that wait busily would take the cores from the pose network, which runs between two images.
            options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
            _session = new InferenceSession(path, options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new PoseDataException(path, $"ONNX Runtime cannot use it as a model ({e.Message})", e);
        }
        catch (TypeInitializationException e)
        {
            throw new InvalidOperationException(
                "ONNX Runtime's native library cannot be loaded. The application must reference the package Microsoft.ML.OnnxRuntime.", e);
        }
    }

    /// <summary>Names, types and shapes of what the model takes.</summary>
    public IReadOnlyDictionary<string, NodeMetadata> Inputs => _session.InputMetadata;

    /// <summary>Names, types and shapes of what the model gives.</summary>
    public IReadOnlyDictionary<string, NodeMetadata> Outputs => _session.OutputMetadata;

    /// <summary>What the model's maker wrote about it.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _session.ModelMetadata.CustomMetadataMap;

    /// <summary>Runs the model on one tensor. Safe to call from several threads at once.</summary>
    /// <param name="input">The input's name.</param>
    /// <param name="values">Its values.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="output">The output's name.</param>
    /// <param name="read">Takes what is needed from the output and its shape, which are gone afterwards.</param>
    /// <param name="cancellation">Ends the run between two of the model's operators.</param>
    /// <exception cref="PoseDataException">The model does not get through.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public T Run<TValue, T>(
        string input, TValue[] values, long[] shape, string output, Func<ReadOnlySpan<float>, long[], T> read, CancellationToken cancellation)
        where TValue : unmanaged
    {
        cancellation.ThrowIfCancellationRequested();
        using var options = new RunOptions();
        using var stop = cancellation.Register(() => options.Terminate = true);
        try
        {
            using var tensor = OrtValue.CreateTensorValueFromMemory(values, shape);
            using var results = _session.Run(options, [input], [tensor], [output]);
            return read(results[0].GetTensorDataAsSpan<float>(), results[0].GetTensorTypeAndShape().Shape);
        }
        catch (OnnxRuntimeException e)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new PoseDataException(_path, $"the model fails on an input of shape [{string.Join(", ", shape)}] ({e.Message})", e);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _session.Dispose();
}
