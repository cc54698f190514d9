using System.Globalization;
using Eigenscope.Formats;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Data;

/// <summary>
/// CIFAR-10's binary version: a folder of <c>data_batch_*.bin</c> and, optionally, <c>test_batch.bin</c>, each gzipped or not; the folder that the official archive unpacks to, in another; or the archive.
/// Samples have shape 3×32×32, channels first; pixels are divided by 255. Files may hold any whole number of records: what is less than the 50,000 + 10,000 images is said in the source.
/// </summary>
internal static class CifarFolder
{
    public const string Archive = "cifar-10-binary.tar.gz";
    public const int TrainingImages = 50_000;
    public const int TestImages = 10_000;
    public const int BatchImages = 10_000;

    public static readonly IReadOnlyList<string> ClassNames = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    public static readonly IReadOnlyList<string> BatchNames = ["data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin", "test_batch.bin"];

    private const string Unpacked = "cifar-10-batches-bin";

    public static bool IsPresent(string folder) => Batches(folder).Count > 0 || File.Exists(Path.Combine(folder, Archive));

    /// <summary>The files of records in a folder, training first, in the order of their names.</summary>
    public static IReadOnlyList<string> Batches(string folder)
    {
        string[] files = [.. new[] { folder, Path.Combine(folder, Unpacked) }.Where(Directory.Exists).SelectMany(Directory.GetFiles).Where(file => IsBatch(Path.GetFileName(file)))];
        if (!files.Any(file => IsTraining(Path.GetFileName(file))))
            return [];
        Array.Sort(files, (left, right) => string.CompareOrdinal(Path.GetFileName(left), Path.GetFileName(right)));
        return [.. files.DistinctBy(Stem, StringComparer.Ordinal)];
    }

    public static LoadedData Load(string path, string name, SampleChoice choice)
    {
        IReadOnlyList<string> files = Directory.Exists(path) ? Batches(path) : [];
        string archive = Directory.Exists(path) ? Path.Combine(path, Archive) : path;
        IReadOnlyList<CifarBatch> batches = files.Count > 0 ? [.. files.Select(CifarFile.ReadBatch)] : CifarFile.ReadArchive(archive);
        string subject = files.Count > 0 ? path : archive;
        CifarBatch[] training = [.. batches.Where(batch => IsTraining(batch.Name))];
        CifarBatch[] test = [.. batches.Where(batch => !IsTraining(batch.Name) && IsBatch(batch.Name))];
        if (training.Length == 0)
            throw new DataException(subject, "no file data_batch_1.bin there; expected CIFAR-10's binary version");
        ImageBytes images = Join(training, subject);
        int[]? indices = choice.Of(images.Labels, ClassNames);
        Dataset train = Create(images, indices, subject, name, Describe(subject, training, TrainingImages));
        if (test.Length == 0)
            return new LoadedData(train, null, IsChosen: true);
        return new LoadedData(train, Create(Join(test, subject), null, subject, name, Describe(subject, test, TestImages)), IsChosen: true);
    }

    private static Dataset Create(ImageBytes images, int[]? indices, string subject, string name, string source)
    {
        (Tensor<double> inputs, int[] labels) = images.Widen(indices);
        return Checked.Create((subject, subject), (name, source), inputs, labels, ClassNames, requireEveryClass: false);
    }

    private static ImageBytes Join(CifarBatch[] batches, string subject)
    {
        foreach (CifarBatch batch in batches)
        {
            int wrong = Array.FindIndex(batch.Labels, label => label >= ClassNames.Count);
            if (wrong >= 0)
                throw new DataException(subject, FormattableString.Invariant($"record {wrong} of {batch.Name} has label {batch.Labels[wrong]}, expected 0 … 9"));
        }
        return new ImageBytes([3, 32, 32], [.. batches.SelectMany(batch => batch.Pixels)], [.. batches.SelectMany(batch => batch.Labels).Select(label => (int)label)]);
    }

    private static string Describe(string subject, CifarBatch[] batches, int whole)
    {
        int count = batches.Sum(batch => batch.Count);
        string what = whole == TrainingImages ? "CIFAR-10" : "CIFAR-10 test";
        string part = count == whole ? "" : string.Create(CultureInfo.InvariantCulture, $", first {count:#,0} (of {whole:#,0}; {string.Join(" + ", batches.Select(batch => batch.Count.ToString("#,0", CultureInfo.InvariantCulture)))})");
        return $"{what}{part}, binary version in {subject}; {ImageBytes.Scaling}";
    }

    private static string Stem(string file) => Path.GetFileName(file) is var name && name.EndsWith(".gz", StringComparison.Ordinal) ? name[..^3] : name;

    private static bool IsTraining(string fileName) => fileName.StartsWith("data_batch_", StringComparison.Ordinal) && IsRecordFile(fileName);

    private static bool IsBatch(string fileName) => (fileName.StartsWith("data_batch_", StringComparison.Ordinal) || fileName.StartsWith("test_batch", StringComparison.Ordinal)) && IsRecordFile(fileName);

    private static bool IsRecordFile(string fileName) => fileName.EndsWith(".bin", StringComparison.Ordinal) || fileName.EndsWith(".bin.gz", StringComparison.Ordinal);
}
