using System.ComponentModel;
using System.Diagnostics;

namespace Eigenscope.Experiments.Engines;

/// <summary>Runs programs as child processes, with nothing on their standard input.</summary>
public sealed class SystemProcessRunner : ProcessRunner
{
    /// <inheritdoc/>
    protected override ProcessOutcome RunCore(ProcessRequest request, CancellationToken cancellation)
    {
        using Process process = new() { StartInfo = Describe(request) };
        if (!TryStart(process, out string reason))
            return new ProcessOutcome(ProcessEnding.NotFound, -1, "", reason);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        Task<string> error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        using CancellationTokenRegistration ending = cancellation.Register(static state => Kill((Process)state!), process);
        bool ended = process.WaitForExit(request.TimeLimit);
        if (!ended)
            Kill(process);
        process.WaitForExit();
        cancellation.ThrowIfCancellationRequested();
        return new ProcessOutcome(ended ? ProcessEnding.Exited : ProcessEnding.TimedOut, ended ? process.ExitCode : -1, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    private static ProcessStartInfo Describe(ProcessRequest request)
    {
        ProcessStartInfo start = new(request.Program, request.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = request.Folder ?? "",
        };
        foreach ((string name, string? value) in request.Environment)
            start.Environment[name] = value;
        return start;
    }

    private static bool TryStart(Process process, out string reason)
    {
        try
        {
            reason = "";
            return process.Start();
        }
        catch (Win32Exception missing)
        {
            reason = missing.Message;
            return false;
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It ended by itself just before.
        }
    }
}
