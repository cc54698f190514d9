using System.Diagnostics;
using System.Globalization;

namespace Eigenscope.Testing.Slurm;

/// <summary>A program that runs in the background and does not outlive this process, however this one ends: a shell beside it waits for the end of its own input, and then ends it.</summary>
internal sealed class GuardedProcess : IDisposable
{
    private const string Guard = "\"$@\" </dev/null >>\"$LOG\" 2>&1 & echo $!; read -r line; kill -s \"${line:-TERM}\" $! 2>/dev/null; wait";
    private readonly Process _guard;

    /// <summary>Starts a program.</summary>
    /// <param name="log">Where its output goes.</param>
    /// <param name="environment">Variables set for it.</param>
    /// <param name="command">The program and its arguments.</param>
    public GuardedProcess(string log, IReadOnlyDictionary<string, string?> environment, params IReadOnlyList<string> command)
    {
        ProcessStartInfo start = new("/bin/sh", ["-c", Guard, "guard", .. command]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["LOG"] = log;
        foreach ((string name, string? value) in environment)
            start.Environment[name] = value;
        _guard = Process.Start(start)!;
        Id = int.Parse(_guard.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
    }

    /// <summary>Id of the program's process.</summary>
    public int Id { get; }

    /// <summary>Ends the program and waits until it has ended.</summary>
    /// <param name="signal">By TERM, or by KILL: as a machine that fails.</param>
    public void Stop(string signal = "TERM")
    {
        if (_guard.HasExited)
            return;
        _guard.StandardInput.WriteLine(signal);
        _guard.StandardInput.Close();
        if (!_guard.WaitForExit(TimeSpan.FromSeconds(20)))
            _guard.Kill(entireProcessTree: true);
        _guard.WaitForExit();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        _guard.Dispose();
    }
}
