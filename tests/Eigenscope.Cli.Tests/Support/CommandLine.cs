using System.Text;
using System.Text.Json;
using Eigenscope.Cli.Rendering;
using Eigenscope.Experiments.Engines;
using Eigenscope.Experiments.Runs;

namespace Eigenscope.Cli.Tests.Support;

/// <summary>Runs the program in this process, with a console, clock and environment of the test's own.</summary>
internal sealed class CommandLine
{
    /// <summary>The environment variables; OpenBLAS or not makes no difference here.</summary>
    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    /// <summary>The long-running commands.</summary>
    public CliServices Services { get; init; } = new();

    /// <summary>Width of the terminal that standard output is, or null for a pipe.</summary>
    public int? TerminalWidth { get; init; }

    /// <summary>What downloads are made with, or null when nothing may be downloaded.</summary>
    public NetworkAccess? Network { get; init; }

    /// <summary>The folder that the program is started in; null takes that of the tests.</summary>
    public string? Folder { get; init; }

    /// <summary>How the program is started again; null takes the program itself.</summary>
    public WorkerProgram? Program { get; init; }

    /// <summary>Progress display, or null when standard error is no terminal.</summary>
    public IProgressDisplay? Progress { get; init; }

    public CommandLineOutcome Run(params string[] arguments) => Run(CancellationToken.None, arguments);

    public CommandLineOutcome Run(CancellationToken interruption, params string[] arguments)
    {
        using StringWriter output = new() { NewLine = "\n" };
        using StringWriter error = new() { NewLine = "\n" };
        using MemoryStream bytes = new();
        CliContext context = new()
        {
            Output = output,
            Error = error,
            OpenOutput = () => new KeepOpen(bytes),
            OpenInput = () => Stream.Null,
            Program = Program ?? new WorkerProgram("dotnet", [Path.Combine(AppContext.BaseDirectory, "eigenscope.dll")]),
            Folder = Folder ?? Environment.CurrentDirectory,
            Terminal = TerminalWidth is { } width ? () => new TerminalRenderer(output, width) : null,
            Progress = Progress is { } display ? () => display : null,
            HelpWidth = TerminalWidth ?? int.MaxValue,
            Time = new DatedClock(),
            Network = Network,
            Variable = name => Variables.GetValueOrDefault(name),
        };
        int code = new CliApplication(context, Services).Run(arguments, interruption);
        return new CommandLineOutcome(code, output.ToString(), error.ToString(), Encoding.UTF8.GetString(bytes.ToArray()));
    }

    // The date is the test's, stopwatches run as ever.
    private sealed class DatedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 1, 31, 23, 59, 58, TimeSpan.Zero);
    }

    // The program closes what it opened; the test still wants to read it.
    private sealed class KeepOpen(MemoryStream target) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => target.Length;

        public override long Position
        {
            get => target.Position;
            set => throw new NotSupportedException();
        }

        public override void Flush() => target.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => target.Write(buffer, offset, count);
    }
}

/// <summary>What a command line did.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Text on standard output.</param>
/// <param name="Error">Text on standard error.</param>
/// <param name="OutputBytes">What was written to standard output as bytes (<c>--json -</c>).</param>
internal sealed record CommandLineOutcome(int ExitCode, string Output, string Error, string OutputBytes)
{
    /// <summary>The JSON on standard output.</summary>
    public JsonElement Json
    {
        get
        {
            using JsonDocument document = JsonDocument.Parse(OutputBytes);
            return document.RootElement.Clone();
        }
    }

    /// <summary>Checks that it was refused: exit code 2, and one line on standard error, nothing else anywhere.</summary>
    /// <param name="fragments">What the line says.</param>
    public void AssertRefused(params string[] fragments) => AssertFailed(Cli.ExitCode.Usage, fragments);

    /// <summary>Checks that it failed with a code and one line on standard error, nothing else anywhere.</summary>
    public void AssertFailed(int code, params string[] fragments)
    {
        Assert.Equal("", Output);
        Assert.Equal("", OutputBytes);
        Assert.Equal(code, ExitCode);
        Assert.StartsWith("eigenscope: ", Error, StringComparison.Ordinal);
        Assert.Equal(1, Error.Count(character => character == '\n'));
        Assert.EndsWith("\n", Error, StringComparison.Ordinal);
        foreach (string fragment in fragments)
            Assert.Contains(fragment, Error, StringComparison.Ordinal);
    }
}
