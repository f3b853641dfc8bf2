using Mspn.Core;
using Mspn.Inference;

namespace Mspn.Onnx;

/// <summary>Makes <see cref="PoseEstimator"/>s of ONNX files.</summary>
public static class OnnxPoseEstimator
{
    extension(PoseEstimator)
    {
        /// <summary>An estimator that runs a file of <see cref="OnnxExport"/> with ONNX Runtime; TorchSharp's native library is not needed.</summary>
        /// <param name="path">The file. Keypoints and input preparation are in its metadata; decoder and flip test in its graph.</param>
        /// <param name="options">Batch size, threads.</param>
        /// <exception cref="PoseDataException">The file is missing, damaged, not of this library, or has no keypoints among its outputs; the message says which.</exception>
        /// <exception cref="InvalidOperationException">The application has not brought ONNX Runtime's native library.</exception>
        public static PoseEstimator FromOnnx(string path, OnnxPoseOptions? options = null)
        {
            options ??= new OnnxPoseOptions();
            return new PoseEstimator(OnnxPoseBackend.Load(path, options.Threads), options.BatchSize);
        }
    }
}
