using Eigenscope.Formats;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Data;

/// <summary>
/// A folder of IDX files named as MNIST's: <c>train-images-idx3-ubyte</c>, <c>train-labels-idx1-ubyte</c> and, optionally, the two beginning with <c>t10k-</c>; gzipped or not.
/// Byte pixels are divided by 255, other element types are taken as they are; images without channels get one.
/// </summary>
internal static class IdxFolder
{
    public static readonly string[] FileNames =
        ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"];

    private const double LargestByte = 255.0;

    public static bool IsPresent(string folder)
    {
        string[] files = ListFiles(folder);
        return Find(files, "train-images") is not null && Find(files, "train-labels") is not null;
    }

    public static LoadedData Load(string folder, string name, IReadOnlyList<string>? classNames, int? maximumSamples)
    {
        string[] files = ListFiles(folder);
        string images = Find(files, "train-images") ?? throw Missing(folder, FileNames[0]);
        string labels = Find(files, "train-labels") ?? throw Missing(folder, FileNames[1]);
        (Tensor<double> inputs, string scaling) = ReadImages(images, maximumSamples, out int stored);
        long[] numbers = ReadLabels(labels, images, stored);
        LabelEncoding encoding = classNames is null
            ? LabelEncoding.FromNumbers(numbers, labels)
            : new LabelEncoding(LabelEncoding.Encode(numbers, LabelEncoding.NumberedNames(classNames.Count), labels), classNames);
        (string, string) description = (name, $"IDX files in {folder}; {scaling}");
        Dataset train = Checked.Create((images, labels), description, inputs, encoding.Labels[..inputs.Rows], encoding.ClassNames, requireEveryClass: maximumSamples is null);
        return new LoadedData(train, LoadTest(folder, files, train, classNames is null ? train.ClassNames : LabelEncoding.NumberedNames(classNames.Count)));
    }

    private static Dataset? LoadTest(string folder, string[] files, Dataset train, IReadOnlyList<string> labelNames)
    {
        string? images = Find(files, "t10k-images");
        string? labels = Find(files, "t10k-labels");
        if (images is null && labels is null)
            return null;
        if (images is null || labels is null)
            throw Missing(folder, images is null ? FileNames[2] : FileNames[3]);
        (Tensor<double> inputs, _) = ReadImages(images, null, out int stored);
        int[] classes = LabelEncoding.Encode(ReadLabels(labels, images, stored), labelNames, labels);
        return Checked.CreateTest((images, labels), train, inputs, classes);
    }

    private static (Tensor<double> Inputs, string Scaling) ReadImages(string path, int? maximumSamples, out int stored)
    {
        IdxArray array = IdxFile.Read(path, maximumSamples);
        stored = array.StoredItems;
        if (array.Shape.Length is < 2 or > 4)
            throw new DataException(path, $"expected images (2 to 4 axes), got {array.Shape.Length} {(array.Shape.Length == 1 ? "axis: labels where images belong?" : "axes")}");
        int[] shape = array.Shape.Length == 3 ? [array.Shape[0], 1, array.Shape[1], array.Shape[2]] : array.Shape;
        bool isByte = array.ElementType == IdxElementType.UInt8;
        if (isByte)
            System.Numerics.Tensors.TensorPrimitives.Divide(array.Values, LargestByte, array.Values);
        return (new Tensor<double>(array.Values, shape), isByte ? "pixels divided by 255" : "values as they are");
    }

    private static long[] ReadLabels(string path, string images, int imageCount)
    {
        IdxArray array = IdxFile.Read(path);
        if (array.Shape.Length != 1)
            throw new DataException(path, $"expected labels (1 axis), got {array.Shape.Length} axes: images where labels belong?");
        return array.StoredItems == imageCount
            ? WholeNumbers.Require(array.Values, path)
            : throw new DataException(path, $"expected a label for each of {imageCount} images in {Path.GetFileName(images)}, got {array.StoredItems} labels");
    }

    private static string[] ListFiles(string folder)
    {
        try
        {
            string[] files = Directory.GetFiles(folder);
            Array.Sort(files, StringComparer.Ordinal);
            return files;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DataException(folder, $"expected a readable folder: {failure.Message}", failure);
        }
    }

    private static string? Find(string[] files, string stem) =>
        Array.Find(files, file => IsNamed(Path.GetFileName(file), stem));

    // What a download has left unfinished is no data.
    private static bool IsNamed(string file, string stem) =>
        (file.StartsWith($"{stem}-idx", StringComparison.Ordinal) || file.StartsWith($"{stem}.idx", StringComparison.Ordinal)) && !file.EndsWith(".part", StringComparison.Ordinal);

    private static DataException Missing(string folder, string file) =>
        new(folder, $"no file {file[..^3]} (or {file}) there; expected a folder of IDX files named {string.Join(", ", FileNames)} (the last two are optional)");
}
