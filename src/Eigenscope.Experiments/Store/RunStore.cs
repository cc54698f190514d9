using System.Globalization;
using System.Text.Json;
using Eigenscope.Formats;

namespace Eigenscope.Experiments.Store;

/// <summary>
/// A folder of runs. <c>runs/ID/</c> holds a finished one and gets its name by one rename, so it is there whole or not at all; <c>failed/ID.json</c> says why one failed; <c>checkpoints/ID.npz</c> is where one
/// under way goes on after a kill; <c>staging/</c> is swept up; <c>sweeps/NAME/</c> holds recipes and plans; <c>index.db</c> can be lost at any time. <c>store.json</c> says which version wrote it.
/// </summary>
public sealed class RunStore
{
    /// <summary>Version of the store's shape that this program writes, and the newest that it reads.</summary>
    public const int Format = 1;

    internal const string RecordName = "run.json";
    internal const string ReportName = "report.json";
    internal const string ArraysName = "arrays.npz";
    internal const string CheckpointName = "checkpoint.npz";
    private const string VersionName = "store.json";
    private const string LockName = ".lock";
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(1);

    private RunStore(string folder, StoreFiles files)
    {
        Folder = folder;
        Files = files;
    }

    /// <summary>Its full path.</summary>
    public string Folder { get; }

    internal StoreFiles Files { get; }

    internal string Runs => Path.Combine(Folder, "runs");

    internal string Failures => Path.Combine(Folder, "failed");

    internal string Checkpoints => Path.Combine(Folder, "checkpoints");

    internal string Staging => Path.Combine(Folder, "staging");

    internal string Sweeps => Path.Combine(Folder, "sweeps");

    internal string IndexPath => Path.Combine(Folder, "index.db");

    /// <summary>Opens a store, and creates it if there is none.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="files">How it is written.</param>
    /// <returns>The store.</returns>
    /// <exception cref="UsageException">The folder holds something else, a store that a newer version wrote, or cannot be written.</exception>
    public static RunStore Create(string folder, StoreFiles files)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(files);
        RunStore store = new(Path.GetFullPath(folder), files);
        try
        {
            if (store.IsThere())
                return store;
            if (Directory.Exists(store.Folder) && Directory.EnumerateFileSystemEntries(store.Folder).Any(static path => !Path.GetFileName(path).StartsWith('.')))
                throw new UsageException($"--store: '{folder}' is a folder with something else in it: expected a store of runs, or a folder that is empty or not there");
            store.CreateVersion();
            return store;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--store: cannot create a store in '{folder}': {OneLine(failure)}", failure);
        }
    }

    /// <summary>Opens a store that is there.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="files">How it is written.</param>
    /// <returns>The store; null when there is none.</returns>
    /// <exception cref="UsageException">A newer version wrote it, or it cannot be read.</exception>
    public static RunStore? Open(string folder, StoreFiles files)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(files);
        RunStore store = new(Path.GetFullPath(folder), files);
        try
        {
            return store.IsThere() ? store : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--store: cannot read the store in '{folder}': {OneLine(failure)}", failure);
        }
    }

    /// <summary>Whether a run is finished: the folder is there.</summary>
    internal bool Has(string id) => Directory.Exists(FolderOf(id));

    /// <summary>Whether a run is finished or has failed.</summary>
    internal bool IsOver(string id) => Has(id) || File.Exists(FailureOf(id));

    internal string FolderOf(string id) => Path.Combine(Runs, id);

    internal string FailureOf(string id) => Path.Combine(Failures, id + ".json");

    internal string CheckpointOf(string id) => Path.Combine(Checkpoints, id + ".npz");

    /// <summary>The identities of all finished runs, in no order.</summary>
    internal IEnumerable<string> FinishedIds() => Directory.Exists(Runs) ? Directory.EnumerateDirectories(Runs).Select(static path => Path.GetFileName(path)!) : [];

    /// <summary>The identities of all runs that failed, in no order.</summary>
    internal IEnumerable<string> FailedIds() => Directory.Exists(Failures)
        ? Directory.EnumerateFiles(Failures, "*.json").Select(static path => Path.GetFileNameWithoutExtension(path)!).Where(static name => !name.StartsWith('.'))
        : [];

    /// <summary>Writes a run's files aside and gives the folder its name. A run that is there already stays as it is.</summary>
    /// <param name="record">What is said of it, less its files.</param>
    /// <param name="write">Writes the files: their names and how.</param>
    /// <exception cref="IOException">Something cannot be written; nothing of the run is there then.</exception>
    internal void Publish(RunRecord record, IReadOnlyList<(string Name, Action<string> Write)> write)
    {
        string staging = Path.Combine(Staging, $"{record.Id}-{Path.GetRandomFileName()}");
        try
        {
            Stage(staging, record, write);
            Files.CreateFolder(Runs);
            if (!Files.TryMoveFolder(staging, FolderOf(record.Id)))
                Files.DeleteFolder(staging);
        }
        catch (Exception)
        {
            TryDelete(staging);
            throw;
        }
        Files.DeleteFile(FailureOf(record.Id));
        Files.DeleteFile(CheckpointOf(record.Id));
    }

    private void Stage(string staging, RunRecord record, IReadOnlyList<(string Name, Action<string> Write)> write)
    {
        Files.CreateFolder(staging);
        using (FileStream alive = HoldLock(staging))
        {
            foreach ((string name, Action<string> file) in write)
                Files.Write(Path.Combine(staging, name), file);
            RunRecord whole = record with { Files = [.. write.Select(file => Describe(Path.Combine(staging, file.Name)))] };
            Files.Write(Path.Combine(staging, RecordName), stream => JsonSerializer.Serialize(stream, whole, StoreJson.Options));
        }
        Files.DeleteFile(Path.Combine(staging, LockName));
    }

    // Where a disk is full, what was begun should not fill it.
    private void TryDelete(string staging)
    {
        try
        {
            Files.DeleteFolder(staging);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The next sweep finds it; the first failure says more.
        }
    }

    /// <summary>Keeps why a run failed.</summary>
    internal void Fail(RunRecord record)
    {
        Files.CreateFolder(Failures);
        Files.Write(FailureOf(record.Id), stream => JsonSerializer.Serialize(stream, record, StoreJson.Options));
        Files.DeleteFile(CheckpointOf(record.Id));
    }

    /// <summary>Forgets that a run failed, so that it is carried out again.</summary>
    internal void ForgetFailure(string id) => Files.DeleteFile(FailureOf(id));

    /// <summary>Reads what is said of a run, and checks that its files are there in full length.</summary>
    /// <exception cref="DamagedRunException">The folder is not what was written.</exception>
    internal RunRecord Read(string id) => RunFolder.Read(FolderOf(id), id);

    /// <summary>Reads why a run failed; null when it is not said, or cannot be read.</summary>
    internal RunRecord? ReadFailure(string id)
    {
        try
        {
            using FileStream stream = File.OpenRead(FailureOf(id));
            return JsonSerializer.Deserialize<RunRecord>(stream, StoreJson.Options);
        }
        catch (Exception failure) when (failure is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Takes a run out of the store: the folder loses its name by one rename, and then its content.</summary>
    /// <returns>Whether there was something.</returns>
    internal bool Delete(string id)
    {
        bool failed = File.Exists(FailureOf(id));
        Files.DeleteFile(FailureOf(id));
        Files.DeleteFile(CheckpointOf(id));
        Files.CreateFolder(Staging);
        string aside = Path.Combine(Staging, $"{id}-{Path.GetRandomFileName()}");
        if (!Has(id) || !Files.TryMoveFolder(FolderOf(id), aside))
            return failed;
        Files.DeleteFolder(aside);
        return true;
    }

    /// <summary>Puts a damaged run out of the way, where nothing of it is lost, so that it can be carried out again.</summary>
    /// <returns>Where it is now.</returns>
    internal string SetAside(string id)
    {
        string folder = Path.Combine(Folder, "damaged");
        Files.CreateFolder(folder);
        string aside = Path.Combine(folder, $"{id}-{Path.GetRandomFileName()}");
        Files.TryMoveFolder(FolderOf(id), aside);
        return aside;
    }

    /// <summary>
    /// Deletes what processes that were killed left behind: staging folders, temporary files, and checkpoints of runs that are over. Only what is an hour old and not held: a lock on another machine is not always seen.
    /// </summary>
    internal void SweepUp(TimeProvider time)
    {
        DateTime recent = time.GetUtcNow().UtcDateTime - Abandoned;
        foreach (string folder in Directory.Exists(Staging) ? Directory.GetDirectories(Staging) : [])
        {
            if (Directory.GetLastWriteTimeUtc(folder) < recent && !IsHeld(folder))
                Files.DeleteFolder(folder);
        }
        string[] sweeps = Directory.Exists(Sweeps) ? Directory.GetDirectories(Sweeps) : [];
        foreach (string file in ((string[])[Folder, Checkpoints, Failures, .. sweeps]).Where(Directory.Exists).SelectMany(Directory.GetFiles))
        {
            bool isLeft = Path.GetFileName(file).StartsWith('.') || (string.Equals(Path.GetDirectoryName(file), Checkpoints, StringComparison.Ordinal) && Has(Path.GetFileNameWithoutExtension(file)));
            if (isLeft && File.GetLastWriteTimeUtc(file) < recent)
                Files.DeleteFile(file);
        }
    }

    /// <summary>Does something that writes to the store.</summary>
    /// <exception cref="RunFailedException">It cannot be written; the message names the store.</exception>
    internal T Writing<T>(Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new RunFailedException($"the store in '{Folder}' cannot be written: {OneLine(failure)}", failure);
        }
    }

    internal static string OneLine(Exception failure) => failure.Message.ReplaceLineEndings(" ").TrimEnd('.');

    private static FileStream HoldLock(string staging) => new(Path.Combine(staging, LockName), FileMode.Create, FileAccess.ReadWrite, FileShare.None);

    // The lock ends with the process that holds it, however it ends.
    private static bool IsHeld(string staging)
    {
        try
        {
            string file = Path.Combine(staging, LockName);
            if (!File.Exists(file))
                return false;
            using FileStream held = new(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private static StoredFile Describe(string path) => new(Path.GetFileName(path), new FileInfo(path).Length, FileDigest.Sha256(path));

    private bool IsThere()
    {
        string path = Path.Combine(Folder, VersionName);
        if (!File.Exists(path))
            return false;
        int format = ReadFormat(path);
        if (format > Format)
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--store: a newer version of eigenscope wrote the store in '{Folder}' (format {format}; this one reads up to {Format}): use that version, or another store"));
        return true;
    }

    private static int ReadFormat(string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.GetProperty("format").GetInt32();
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new UsageException($"--store: '{path}' is damaged: expected {{ \"format\": {Format} }}; the runs beside it are untouched", failure);
        }
    }

    private void CreateVersion()
    {
        // All else is made when it is needed: a store half made would be taken for something else.
        Files.CreateFolder(Folder);
        Files.Write(Path.Combine(Folder, VersionName), stream => JsonSerializer.Serialize(stream, new { Format }, StoreJson.Options));
    }
}
