using Eigenscope.Formats;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Data;

/// <summary>
/// Street View House Numbers, cropped digits (format 2): <c>train_32x32.mat</c> and, optionally, <c>test_32x32.mat</c>, each with <c>X</c> (32×32×3×N bytes) and <c>y</c> (N), in which 10 stands for
/// the digit 0. Samples have shape 3×32×32, channels first; pixels are divided by 255 (Y. Netzer et al., 2011).
/// </summary>
internal static class SvhnFolder
{
    public const string TrainFile = "train_32x32.mat";
    public const string TestFile = "test_32x32.mat";

    private const int Side = 32;
    private const int Channels = 3;
    private const int LabelOfZero = 10;

    public static readonly IReadOnlyList<string> ClassNames = LabelEncoding.NumberedNames(10);

    public static bool IsPresent(string folder) => File.Exists(Path.Combine(folder, TrainFile));

    public static LoadedData Load(string path, string name, SampleChoice choice)
    {
        bool isFolder = Directory.Exists(path);
        string file = isFolder ? Path.Combine(path, TrainFile) : path;
        ImageBytes images = Read(file);
        Dataset train = Create(images, choice.Of(images.Labels, ClassNames), file, name);
        string testFile = Path.Combine(path, TestFile);
        return new LoadedData(train, isFolder && File.Exists(testFile) ? Create(Read(testFile), null, testFile, name) : null, IsChosen: true);
    }

    private static Dataset Create(ImageBytes images, int[]? indices, string file, string name)
    {
        (Tensor<double> inputs, int[] labels) = images.Widen(indices);
        return Checked.Create((file, file), (name, $"MAT-file {file}; {ImageBytes.Scaling}"), inputs, labels, ClassNames, requireEveryClass: false);
    }

    private static ImageBytes Read(string file)
    {
        IReadOnlyList<MatArray> arrays = MatFile.Read(file, "X", "y");
        MatArray images = arrays[0];
        bool isFour = images.Shape.Count == 4 || images.Shape.Count == 3;
        if (images.ElementType != MatElementType.UInt8 || !isFour || images.Shape[0] != Side || images.Shape[1] != Side || images.Shape[2] != Channels)
            throw new DataException(file, $"expected X of bytes in shape 32×32×3×N, got {images.ElementType} in shape {string.Join('×', images.Shape)}");
        int count = images.Data.Length / (Side * Side * Channels);
        long[] numbers = WholeNumbers.Require(arrays[1].ToDoubles(), file);
        if (numbers.Length != count)
            throw new DataException(file, $"expected a label in y for each of {count} images, got {numbers.Length}");
        int wrong = Array.FindIndex(numbers, number => number is < 0 or > LabelOfZero);
        if (wrong >= 0)
            throw new DataException(file, $"sample {wrong} has label {numbers[wrong]}, expected 1 … 10");
        return new ImageBytes([Channels, Side, Side], Transpose(images.Data), Array.ConvertAll(numbers, number => (int)(number % LabelOfZero)));
    }

    /// <summary>MATLAB's order runs down the columns of each plane; a row of a sample runs along its lines.</summary>
    private static byte[] Transpose(byte[] columns)
    {
        byte[] rows = new byte[columns.Length];
        for (int plane = 0; plane < columns.Length; plane += Side * Side)
        {
            for (int y = 0; y < Side; y++)
            {
                for (int x = 0; x < Side; x++)
                    rows[plane + (y * Side) + x] = columns[plane + (x * Side) + y];
            }
        }
        return rows;
    }
}
