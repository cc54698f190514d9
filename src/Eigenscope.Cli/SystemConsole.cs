using System.Text;
using Eigenscope.Cli.Rendering;
using Eigenscope.Experiments.Engines;
using Eigenscope.Experiments.Runs;

namespace Eigenscope.Cli;

/// <summary>The process's own console, clock and environment, as a <see cref="CliContext"/>; the only place that touches them.</summary>
internal sealed class SystemConsole : IDisposable
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);
    private readonly StreamWriter _output = new(Console.OpenStandardOutput(), Utf8) { AutoFlush = true };
    private readonly StreamWriter _error = new(Console.OpenStandardError(), Utf8) { AutoFlush = true };

    /// <summary>What the program is given.</summary>
    public CliContext Context => new()
    {
        Output = _output,
        Error = _error,
        OpenOutput = Console.OpenStandardOutput,
        OpenInput = Console.OpenStandardInput,
        Program = ThisProgram(),
        Folder = Environment.CurrentDirectory,
        Terminal = Console.IsOutputRedirected ? null : () => new TerminalRenderer(_output, TerminalWidth()),
        Progress = Console.IsErrorRedirected ? null : () => new TerminalProgress(_error, TerminalWidth(), TimeProvider.System),
        HelpWidth = Console.IsOutputRedirected ? int.MaxValue : TerminalWidth(),
        Time = TimeProvider.System,
        Network = new NetworkAccess(TimeProvider.System),
        Variable = Environment.GetEnvironmentVariable,
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    // Started by the runtime's own host, the program is its argument.
    private static WorkerProgram ThisProgram()
    {
        string process = Environment.ProcessPath ?? "eigenscope";
        bool isHost = string.Equals(Path.GetFileNameWithoutExtension(process), "dotnet", StringComparison.OrdinalIgnoreCase);
        return new WorkerProgram(process, isHost ? [Path.Combine(AppContext.BaseDirectory, "eigenscope.dll")] : []);
    }

    // A terminal that does not tell its width is taken for the narrowest that tables are laid out for.
    private static int TerminalWidth() => Console.WindowWidth is > 0 and int width ? width : TableLayout.NarrowestTerminal;
}
