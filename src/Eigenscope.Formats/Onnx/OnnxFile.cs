using System.Globalization;
using Eigenscope.Formats.Onnx.Wire;
using Google.Protobuf;

namespace Eigenscope.Formats.Onnx;

/// <summary>
/// Models in the format of ONNX (Open Neural Network Exchange; onnx.proto), with weights inside or in external files beside the model.
/// </summary>
/// <remarks>
/// A file is not trusted. Sizes are compared with the bytes that are there before anything is allocated for them, external data must lie in the model's folder,
/// and the parts of a file are counted before they are read. What reading takes is at most twice the bytes of the file and its external data (sixteen times where numbers
/// are written as text-like variable-length integers, which no weights are), 512 MB for the parts, and as much as the tensors' own numbers.
/// Training information, documentation and the shapes of inner values are passed over; the content of inner graphs (loops, conditions) is not kept.
/// </remarks>
public static class OnnxFile
{
    private const int DeepestNesting = 32;

    /// <summary>Reads a model, and checks that it is a graph at all: see <see cref="OnnxGraph"/> for what then holds. Nodes that are out of order are sorted.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Limits; null for the defaults.</param>
    /// <returns>The model, its weights loaded.</returns>
    /// <exception cref="DataFormatException">The file is missing, no ONNX model, truncated or damaged; a tensor's shape does not fit its bytes; external data is missing, too short, or outside
    /// the model's folder; a value has two makers or none, or depends on itself; or the file needs what is not read (sparse weights, functions of the model's own).</exception>
    public static OnnxModel Read(string path, OnnxReadOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
            return Read(file, path, options ?? new OnnxReadOptions());
        }
        catch (InvalidProtocolBufferException failure)
        {
            throw new DataFormatException(path, "an ONNX model", "truncated or damaged data, or another format", failure);
        }
        catch (Exception failure) when (CompressedFile.IsUnreadable(failure))
        {
            throw CompressedFile.Describe(path, failure);
        }
    }

    /// <summary>Writes a model, weights inside, through a temporary file in the same folder, so that the file is whole or not there. Equal models give equal bytes.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="ArgumentException">The model has something that was not kept when it was read (inner graphs, text tensors), a value that has no type, or more than 2 GB of weights.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        ModelProto message = OnnxWriter.Model(model);
        AtomicFile.Write(path, message.WriteTo);
    }

    private static OnnxModel Read(FileStream file, string path, OnnxReadOptions options)
    {
        long largest = Math.Min(options.MaximumBytes, int.MaxValue);
        if (file.Length > largest)
            throw new DataFormatException(path, string.Create(CultureInfo.InvariantCulture, $"an ONNX model of at most {largest} bytes, without external data"), string.Create(CultureInfo.InvariantCulture, $"{file.Length}"));
        OnnxCensus.Check(file, path);
        file.Position = 0;
        using CodedInputStream input = CodedInputStream.CreateWithLimits(file, int.MaxValue, DeepestNesting);
        ModelProto message = ModelProto.Parser.WithDiscardUnknownFields(true).ParseFrom(input);
        OnnxExternalData external = new(path, options.MaximumBytes - file.Length);
        return new OnnxParser(path, external).Model(message);
    }
}
