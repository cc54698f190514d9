using System.Globalization;
using Eigenscope.Formats;

namespace Eigenscope.Learning.Data;

/// <summary>Compares the files of a data set with what was published.</summary>
internal static class DatasetCheck
{
    private const int Shown = 12;

    public static IReadOnlyList<CheckedFile> Run(KnownDataset known, string folder, CancellationToken cancellation)
    {
        IReadOnlyList<string> batches = known.Files.Any(file => string.Equals(file.Name, CifarFolder.Archive, StringComparison.Ordinal)) ? CifarFolder.Batches(folder) : [];
        List<CheckedFile> found = [];
        foreach (string batch in batches)
        {
            cancellation.ThrowIfCancellationRequested();
            found.Add(CheckBatch(batch));
        }
        if (batches.Count > 0)
            found.AddRange(CifarFolder.BatchNames.Where(name => !found.Exists(file => file.Name.StartsWith(name, StringComparison.Ordinal))).Select(name => Missing(name, folder)));
        foreach (RemoteFile file in batches.Count > 0 ? [] : known.Files.Reverse())
        {
            cancellation.ThrowIfCancellationRequested();
            found.Add(Check(file, folder));
        }
        return found;
    }

    private static CheckedFile Check(RemoteFile file, string folder)
    {
        string path = Path.Combine(folder, file.Name);
        string plain = Path.ChangeExtension(path, null);
        if (!File.Exists(path) && file.ContentSha256 is not null && File.Exists(plain))
            path = plain;
        return File.Exists(path) ? Guarded(path, () => Compare(file, path)) : Missing(file.Name, folder);
    }

    private static CheckedFile Missing(string name, string folder) => new(name, null, FileState.Missing, $"not in {folder}");

    private static (FileState State, string Detail) Compare(RemoteFile file, string path)
    {
        if (file.ContentSha256 is not { } content)
        {
            string md5 = FileDigest.Md5(path);
            return string.Equals(md5, file.Md5, StringComparison.Ordinal)
                ? (FileState.Right, $"md5 {md5[..Shown]}…, as published")
                : (FileState.Wrong, $"md5 {md5}, expected {file.Md5}");
        }
        string sha256 = FileDigest.ContentSha256(path);
        return string.Equals(sha256, content, StringComparison.Ordinal)
            ? (FileState.Right, $"sha256 of the content {sha256[..Shown]}…, as published")
            : (FileState.Wrong, $"sha256 of the content {sha256}, expected {content}");
    }

    private static CheckedFile CheckBatch(string path) => Guarded(path, () =>
    {
        CifarBatch batch = CifarFile.ReadBatch(path);
        int wrong = Array.FindIndex(batch.Labels, label => label >= CifarFolder.ClassNames.Count);
        if (wrong >= 0)
            return (FileState.Wrong, FormattableString.Invariant($"record {wrong} has label {batch.Labels[wrong]}, expected 0 … 9"));
        return batch.Count == CifarFolder.BatchImages
            ? (FileState.Right, string.Create(CultureInfo.InvariantCulture, $"{batch.Count:#,0} whole records; for single batches no checksum is published"))
            : (FileState.Partial, string.Create(CultureInfo.InvariantCulture, $"{batch.Count:#,0} of {CifarFolder.BatchImages:#,0} records"));
    });

    private static CheckedFile Guarded(string path, Func<(FileState State, string Detail)> check)
    {
        string name = Path.GetFileName(path);
        long bytes = new FileInfo(path).Length;
        try
        {
            (FileState state, string detail) = check();
            return new CheckedFile(name, bytes, state, detail);
        }
        catch (DataFormatException failure)
        {
            return new CheckedFile(name, bytes, FileState.Wrong, $"expected {failure.Expected}, got {failure.Actual}");
        }
    }
}
