using System.ComponentModel;
using System.Diagnostics;

namespace Eigenscope.Experiments.Engines;

/// <summary>
/// Runs programs as child processes, with nothing on their standard input. Output is read on threads of its own and the end is looked for on the calling one: the thread pool may be full of long products, and a
/// time limit kept by it would then begin to count when they are done.
/// </summary>
public sealed class SystemProcessRunner : ProcessRunner
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(10);

    /// <inheritdoc/>
    protected override ProcessOutcome RunCore(ProcessRequest request, CancellationToken cancellation)
    {
        using Process process = new() { StartInfo = Describe(request) };
        if (!TryStart(process, out string reason))
            return new ProcessOutcome(ProcessEnding.NotFound, -1, "", reason);
        process.StandardInput.Close();
        Collected output = new(process.StandardOutput);
        Collected error = new(process.StandardError);
        bool ended = WaitForEnd(process, request.TimeLimit, cancellation);
        if (!ended)
            Kill(process);
        string written = output.Text(), complained = error.Text();
        cancellation.ThrowIfCancellationRequested();
        return new ProcessOutcome(ended ? ProcessEnding.Exited : ProcessEnding.TimedOut, ended ? process.ExitCode : -1, written, complained);
    }

    private static bool WaitForEnd(Process process, TimeSpan limit, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        while (!process.HasExited)
        {
            if (cancellation.IsCancellationRequested || Stopwatch.GetElapsedTime(start) >= limit)
                return false;
            Thread.Sleep(LookAgain);
        }
        return true;
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

    /// <summary>What a program writes to one of its streams, until the last process that holds it has closed it.</summary>
    private sealed class Collected
    {
        private readonly Thread _reader;
        private string _text = "";

        public Collected(StreamReader stream)
        {
            _reader = new Thread(() => _text = stream.ReadToEnd()) { IsBackground = true, Name = "output of a program" };
            _reader.Start();
        }

        public string Text()
        {
            _reader.Join();
            return _text;
        }
    }
}
