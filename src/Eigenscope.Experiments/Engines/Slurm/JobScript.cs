using System.Globalization;
using System.Text;

namespace Eigenscope.Experiments.Engines.Slurm;

/// <summary>The scripts that Slurm runs: whole files for bash, which <c>sbatch</c> takes from the command line just as well.</summary>
/// <param name="Program">What starts this program: its path, or <c>dotnet</c>'s path and the path of its assembly.</param>
/// <param name="Environment">Variables the program is to see, by name.</param>
/// <param name="Folder">Where relative paths start.</param>
internal sealed record JobScript(IReadOnlyList<string> Program, IReadOnlyDictionary<string, string> Environment, string Folder)
{
    /// <summary>Writes the script of one task of the array, which learns its index from Slurm.</summary>
    /// <param name="name">Name of the job.</param>
    /// <param name="log">Path of its log, in sbatch's notation: <see cref="Escape"/> what is meant as it is.</param>
    /// <param name="options">What it asks for.</param>
    /// <param name="arguments">What the program is told; the index of the task follows.</param>
    public string Task(string name, string log, SlurmOptions options, IReadOnlyList<string> arguments) => Write(name, log, Requests(options), $"{Words(arguments)} \"$SLURM_ARRAY_TASK_ID\"");

    /// <summary>Writes the script of a job that is done once and needs little: it asks for the partition and the account of the tasks alone.</summary>
    /// <param name="name">Name of the job.</param>
    /// <param name="log">Path of its log.</param>
    /// <param name="options">What the tasks ask for.</param>
    /// <param name="arguments">What the program is told.</param>
    public string Once(string name, string log, SlurmOptions options, IReadOnlyList<string> arguments) =>
        Write(name, log, Requests(new SlurmOptions { Partition = options.Partition, Account = options.Account }), Words(arguments));

    /// <summary>A path in which sbatch finds no pattern of its own.</summary>
    /// <param name="path">The path, without a backslash (see <see cref="CanName"/>).</param>
    public static string Escape(string path) => path.Replace("%", "%%", StringComparison.Ordinal);

    /// <summary>Whether sbatch can be told a path: in one with a backslash it fills in no index of a task, and there is no way to write a line break.</summary>
    /// <param name="path">The path.</param>
    public static bool CanName(string path) => !path.AsSpan().ContainsAny('\\', '\n', '\r');

    private string Write(string name, string log, IEnumerable<string> requests, string arguments)
    {
        StringBuilder script = new("#!/bin/bash\n");
        // A requeued task goes on in the log that it began.
        foreach (string option in (IEnumerable<string>)[$"--job-name={name}", $"--output={Quote(log)}", "--open-mode=append", $"--chdir={Quote(Folder)}", "--requeue", .. requests])
            script.Append(CultureInfo.InvariantCulture, $"#SBATCH {option}\n");
        foreach ((string variable, string value) in Environment.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
            script.Append(CultureInfo.InvariantCulture, $"export {variable}={Word(value)}\n");
        // In place of the shell, so that the signal before a time limit reaches the program.
        return script.Append(CultureInfo.InvariantCulture, $"exec {Words(Program)} {arguments}\n").ToString();
    }

    private static IEnumerable<string> Requests(SlurmOptions options)
    {
        if (options.Partition is { } partition)
            yield return $"--partition={partition}";
        if (options.Account is { } account)
            yield return $"--account={account}";
        if (options.Time is { } time)
            yield return $"--time={time}";
        if (options.Memory is { } memory)
            yield return $"--mem={memory}";
        if (options.Gres is { } gres)
            yield return $"--gres={gres}";
        if (options.Cpus is { } cpus)
            yield return string.Create(CultureInfo.InvariantCulture, $"--cpus-per-task={cpus}");
        foreach (string further in options.Further)
            yield return further;
    }

    private static string Quote(string path) => $"\"{path.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static string Words(IEnumerable<string> words) => string.Join(' ', words.Select(Word));

    // Between single quotes bash takes everything as it is but the single quote.
    private static string Word(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
