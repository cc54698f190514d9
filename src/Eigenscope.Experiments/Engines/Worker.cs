using System.ComponentModel;
using System.Diagnostics;

namespace Eigenscope.Experiments.Engines;

/// <summary>One worker process of the local engine.</summary>
internal sealed class Worker : IDisposable
{
    private const int MostWords = 2000;
    private static readonly TimeSpan Last = TimeSpan.FromSeconds(5);
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly Task<string> _output;

    public Worker(int index, Process process, TimeProvider time)
    {
        Index = index;
        _time = time;
        _start = time.GetTimestamp();
        _process = process;
        // Read on, or a worker that says much would wait for a reader.
        _errors = process.StandardError.ReadToEndAsync();
        _output = process.StandardOutput.ReadToEndAsync();
        Ended = process.WaitForExitAsync();
    }

    public int Index { get; }

    public Task Ended { get; }

    public bool HasEnded => Ended.IsCompleted;

    public int ExitCode => _process.ExitCode;

    /// <summary>How long it has been there.</summary>
    public double Seconds => _time.GetElapsedTime(_start).TotalSeconds;

    /// <summary>Most memory that it was seen to hold; 0 when it cannot be asked.</summary>
    public long PeakBytes
    {
        get
        {
            try
            {
                _process.Refresh();
                return HasEnded ? 0 : _process.PeakWorkingSet64;
            }
            catch (Exception failure) when (failure is InvalidOperationException or NotSupportedException)
            {
                return 0;
            }
        }
    }

    /// <summary>What it said on standard error, on one line.</summary>
    public string LastWords
    {
        get
        {
            string said = _errors.Wait(Last) ? _errors.Result.Trim().ReplaceLineEndings(" ") : "";
            return said.Length <= MostWords ? said : said[^MostWords..];
        }
    }

    /// <summary>Closes its standard input: it keeps how far it is, and ends.</summary>
    public void AskToStop()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It is gone already.
        }
    }

    /// <summary>Ends it if it has not ended.</summary>
    public void Dispose()
    {
        try
        {
            if (!HasEnded)
                _process.Kill(entireProcessTree: true);
        }
        catch (Exception failure) when (failure is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It ended by itself meanwhile.
        }
        Task.WaitAll([Ended, _output, _errors], Last);
        _process.Dispose();
    }
}
