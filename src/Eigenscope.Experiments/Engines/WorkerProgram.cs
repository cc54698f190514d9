using System.Diagnostics;
using System.Globalization;
using Eigenscope.Experiments.Store;

namespace Eigenscope.Experiments.Engines;

/// <summary>How this program is started again as a worker of a sweep.</summary>
/// <param name="File">The executable: the program itself, or <c>dotnet</c>.</param>
/// <param name="Arguments">What comes before the command: for <c>dotnet</c> the program's assembly.</param>
public sealed record WorkerProgram(string File, IReadOnlyList<string> Arguments)
{
    /// <summary>The hidden command that carries out runs of a plan.</summary>
    public const string Command = "sweep-task";

    /// <summary>Exit code of a worker that could not write to the store: another would not fare better.</summary>
    public const int StoreFailed = 74;

    /// <summary>The command line of a worker, less the runs.</summary>
    /// <param name="store">The store's folder.</param>
    /// <param name="plan">The plan's file.</param>
    /// <returns>The executable and its arguments.</returns>
    public IReadOnlyList<string> CommandLine(string store, string plan) => [File, .. Arguments, Command, "--store", store, "--plan", plan];

    /// <summary>Starts a worker for one run; it stops by itself when its standard input closes, as it does when this process dies.</summary>
    internal Process Start(RunStore store, string plan, string folder, int index)
    {
        ProcessStartInfo start = new(File) { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = folder, UseShellExecute = false };
        foreach (string argument in CommandLine(store.Folder, plan).Skip(1))
            start.ArgumentList.Add(argument);
        foreach (string argument in (string[])["--runs", index.ToString(CultureInfo.InvariantCulture), "--watch-input"])
            start.ArgumentList.Add(argument);
        return Process.Start(start) ?? throw new RunFailedException($"a worker process could not be started: {File}");
    }
}
