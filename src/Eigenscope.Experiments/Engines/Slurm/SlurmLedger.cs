using System.Globalization;
using System.Text.Json;
using Eigenscope.Experiments.Store;

namespace Eigenscope.Experiments.Engines.Slurm;

/// <summary>The submissions of one sweep: numbered folders under <c>slurm/</c> in the sweep's folder, each with its scripts, its logs and <c>submission.json</c>.</summary>
internal sealed class SlurmLedger(RunStore store, string folder)
{
    private const string RecordName = "submission.json";

    public string Path { get; } = System.IO.Path.Combine(folder, "slurm");

    /// <summary>All submissions with their folders, the oldest first.</summary>
    /// <exception cref="RunFailedException">A file is damaged: without it, jobs under way could be submitted again.</exception>
    public IReadOnlyList<(string Folder, SlurmSubmission Submission)> Read()
    {
        if (!Directory.Exists(Path))
            return [];
        return [.. Directory.EnumerateDirectories(Path).Order(StringComparer.Ordinal).Where(static path => File.Exists(System.IO.Path.Combine(path, RecordName))).Select(static path => (path, Load(path)))];
    }

    /// <summary>Keeps other processes from submitting at the same time.</summary>
    /// <returns>Ends that when disposed of; so does the end of this process.</returns>
    /// <exception cref="RunFailedException">Another process is submitting.</exception>
    public FileStream Hold()
    {
        store.Files.CreateFolder(Path);
        try
        {
            return new FileStream(System.IO.Path.Combine(Path, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException held)
        {
            throw new RunFailedException($"another process is submitting this sweep ({RunStore.OneLine(held)}): try again when it has ended", held);
        }
    }

    /// <summary>Creates the folder of a further submission, with a folder for its logs: what a task cannot open, it cannot say.</summary>
    public string Create()
    {
        int last = Directory.EnumerateDirectories(Path).Select(static path => int.TryParse(System.IO.Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0).DefaultIfEmpty(0).Max();
        string created = System.IO.Path.Combine(Path, string.Create(CultureInfo.InvariantCulture, $"{last + 1:0000}"));
        store.Files.CreateFolder(created);
        store.Files.CreateFolder(System.IO.Path.Combine(created, "logs"));
        return created;
    }

    public void Write(string submission, SlurmSubmission content) =>
        store.Files.Write(System.IO.Path.Combine(submission, RecordName), stream => JsonSerializer.Serialize(stream, content, StoreJson.Options));

    /// <summary>Writes down the ids that were found by name; only while holding the ledger, or it could undo what another process writes.</summary>
    public void WriteFound(IReadOnlyList<(string Folder, SlurmSubmission Submission)> found)
    {
        foreach (((string folder, SlurmSubmission submission), (_, SlurmSubmission written)) in found.Zip(Read()))
        {
            if (written.Job is null && submission.Job is not null)
                Write(folder, submission);
        }
    }

    public void WriteText(string path, string content) => store.Files.Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(content)));

    /// <summary>Takes a submission back that the cluster refused.</summary>
    public void Delete(string submission) => store.Files.DeleteFolder(submission);

    private static SlurmSubmission Load(string path)
    {
        string file = System.IO.Path.Combine(path, RecordName);
        try
        {
            return JsonSerializer.Deserialize<SlurmSubmission>(File.ReadAllBytes(file), StoreJson.Options) ?? throw new JsonException("it is empty");
        }
        catch (JsonException damage)
        {
            throw new RunFailedException($"'{file}' is damaged ({RunStore.OneLine(damage)}): cancel its jobs (squeue shows them), and delete its folder", damage);
        }
    }
}
