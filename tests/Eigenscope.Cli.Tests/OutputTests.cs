using System.Text.Json;
using System.Text.RegularExpressions;
using Eigenscope.Cli.Rendering;
using Eigenscope.Cli.Tests.Support;
using Eigenscope.Experiments;
using Eigenscope.Experiments.Engines;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;
using Eigenscope.Testing.Files;
using Eigenscope.Testing.Json;

namespace Eigenscope.Cli.Tests;

public sealed partial class OutputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("doctor")]
    [InlineData("data list")]
    public void Json_on_standard_output_stands_alone_and_follows_the_schema(string command)
    {
        CommandLineOutcome outcome = Line().Run([.. command.Split(' '), "--json", "-"]);

        Assert.Equal((0, "", ""), (outcome.ExitCode, outcome.Output, outcome.Error));
        Assert.Empty(PublishedSchema.Problems(outcome.Json));
        Assert.Equal(command, outcome.Json.GetProperty("command").GetString());
    }

    [Fact]
    public void Json_in_a_file_is_what_standard_output_gets()
    {
        CommandLineOutcome outcome = Line().Run("data", "list", "--json", _folder["list.json"]);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("digits", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(Line().Run("data", "list", "--json", "-").OutputBytes, File.ReadAllText(_folder["list.json"]));
    }

    [Fact]
    public void A_small_study_follows_the_schema()
    {
        CommandLineOutcome outcome = Line().Run("study", "--width", "6", "--depth", "2", "--epochs", "2", "--measure-every", "0", "--restarts", "0", "--threads", "1", "--top", "3", "--json", "-");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Empty(PublishedSchema.Problems(outcome.Json));
        Assert.Equal(6, outcome.Json.GetProperty("config").GetProperty("width").GetInt32());
    }

    [Fact]
    public void Options_and_environment_reach_the_study()
    {
        (StudyOptions Options, RunSettings Settings)? seen = null;
        CommandLine line = Line(new CliServices { ValidateStudy = Accept, Study = (options, settings, _, _, _) => Keep(ref seen, options, settings) });
        line.Variables["EIGENSCOPE_DATA"] = _folder["data"];

        line.Run(
            "study", "--data", "gaussian", "--width", "3", "--depth", "2", "--activation", "tanh", "--no-biases", "--init-scale", "1.5", "--loss", "cross-entropy", "--targets", "plus-minus-one",
            "--weight-decay", "1e-3", "--optimizer", "adam", "--learning-rate", "0.25", "--schedule", "steps", "--batch-size", "7", "--epochs", "9", "--measure-every", "4", "--test-fraction", "0.25",
            "--restarts", "1", "--top", "6", "--bottom", "5", "--tolerance", "1e-5", "--seed", "18446744073709551615", "--precision", "float32", "--threads", "2");

        StudyOptions expected = new()
        {
            Data = "gaussian",
            Model = "mlp",
            Width = 3,
            Depth = 2,
            Activation = "tanh",
            Biases = false,
            InitScale = 1.5,
            Loss = "cross-entropy",
            Targets = "plus-minus-one",
            WeightDecay = 1e-3,
            Optimizer = "adam",
            LearningRate = 0.25,
            Schedule = "steps",
            BatchSize = 7,
            Epochs = 9,
            MeasureEvery = 4,
            TestFraction = 0.25,
            Restarts = 1,
            Top = 6,
            Bottom = 5,
            Tolerance = 1e-5,
        };
        RunSettings settings = new() { Seed = ulong.MaxValue, Precision = "float32", Threads = 2, Blas = "managed", Home = _folder["home"], DataFolder = _folder["data"] };
        Assert.Equal((expected, settings), seen);
    }

    [Fact]
    public void Without_options_a_study_gets_the_defaults()
    {
        (StudyOptions Options, RunSettings Settings)? seen = null;

        Line(new CliServices { ValidateStudy = Accept, Study = (options, settings, _, _, _) => Keep(ref seen, options, settings) }).Run("study");

        Assert.Equal((new StudyOptions(), new RunSettings { Blas = "managed", Home = _folder["home"] }), seen);
    }

    [Fact]
    public void Arrays_are_written_beside_the_json()
    {
        CommandLineOutcome outcome = Line(Giving(Reports.Create())).Run("study", "--arrays", _folder["out.npz"], "--json", _folder["out.json"]);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal("PK"u8.ToArray(), File.ReadAllBytes(_folder["out.npz"])[..2]);
        Assert.Equal(["out.json", "out.npz"], _folder.Entries);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_page_is_written_and_told_of_also_when_the_run_was_interrupted(bool isPartial)
    {
        CommandLineOutcome outcome = Line(Giving(Reports.Create(isPartial: isPartial))).Run("study", "--json", _folder["out.json"], "--report", _folder["out.html"]);

        Assert.Equal(isPartial ? 130 : 0, outcome.ExitCode);
        Assert.StartsWith($"eigenscope: the report is in {_folder["out.html"]}\n", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("<h1>A title</h1>", File.ReadAllText(_folder["out.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Quiet_tells_nothing_of_a_page_either()
    {
        CommandLineOutcome outcome = Line(Giving(Reports.Create())).Run("study", "--quiet", "--report", _folder["out.html"]);

        Assert.Equal((0, "", ""), (outcome.ExitCode, outcome.Output, outcome.Error));
        Assert.Equal(["out.html"], _folder.Entries);
    }

    [Fact]
    public void Quiet_prints_nothing()
    {
        CommandLineOutcome outcome = Line(Giving(Reports.Create())).Run("study", "--quiet");

        Assert.Equal((0, "", ""), (outcome.ExitCode, outcome.Output, outcome.Error));
    }

    [Fact]
    public void A_pipe_gets_whole_lines_without_control_characters()
    {
        string output = Line(Giving(Reports.Create())).Run("study").Output;

        string[] lines = output.Split('\n');
        Assert.Contains(Reports.LongFinding, lines);
        Assert.Contains(Reports.Wide.Notes[0], lines);
        string row = Assert.Single(lines, line => line.StartsWith("hessian", StringComparison.Ordinal));
        Assert.EndsWith(Reports.Wide.Rows[0][^1], row, StringComparison.Ordinal);
        Assert.DoesNotContain(output, character => char.IsControl(character) && character != '\n');
        Assert.DoesNotContain(output, character => character is >= '\u2500' and <= '\u257f');
    }

    [Fact]
    public void A_terminal_of_80_columns_gets_every_cell_within_its_width()
    {
        CommandLine line = Line(Giving(Reports.Create()), terminalWidth: 80);

        string[] lines = Style().Replace(line.Run("study").Output, "").Split('\n');

        Assert.DoesNotContain(lines, text => text.Length > 80);
        foreach (string cell in Reports.Wide.Rows.SelectMany(row => row).Concat(Reports.Wide.Columns.Select(column => column.Header)).SelectMany(cell => cell.Split(' ')))
            Assert.Contains(lines, text => text.Split(' ').Contains(cell));
    }

    [Theory]
    [InlineData(true, new string[0], 0)]
    [InlineData(false, new string[0], 0)]
    [InlineData(true, new[] { "--require-converged" }, 0)]
    [InlineData(false, new[] { "--require-converged" }, 3)]
    public void Convergence_decides_the_exit_code_only_when_it_is_required(bool converged, string[] options, int code) =>
        Assert.Equal(code, Line(Giving(Reports.Create(isConverged: converged))).Run(["study", .. options]).ExitCode);

    [Fact]
    public void An_interrupted_study_is_saved_aside_and_said_to_be_partial()
    {
        using CancellationTokenSource interruption = new();
        CommandLine line = Line(new CliServices { ValidateStudy = Accept, Study = (_, _, _, _, token) => Interrupted(interruption, token) });

        CommandLineOutcome outcome = line.Run(interruption.Token, "study", "--quiet");

        string path = Path.Combine(_folder["home"], "runs", "20260131T235958Z-study", "report.json");
        Assert.Equal(130, outcome.ExitCode);
        Assert.Equal($"eigenscope: interrupted; what was done so far is in {path}\n", outcome.Error);
        using JsonDocument saved = JsonDocument.Parse(File.ReadAllText(path));
        Assert.Equal("eigenscope/1", saved.RootElement.GetProperty("schema").GetString());
    }

    [Fact]
    public void An_interrupted_study_is_saved_among_temporary_files_where_there_is_no_home()
    {
        using CancellationTokenSource interruption = new();
        CommandLine line = Line(new CliServices { ValidateStudy = Accept, Study = (_, _, _, _, token) => Interrupted(interruption, token) });
        line.Variables["EIGENSCOPE_HOME"] = Path.Combine(_folder.Write("file", "text"), "home");

        CommandLineOutcome outcome = line.Run(interruption.Token, "study", "--quiet");

        Assert.Equal(130, outcome.ExitCode);
        string path = outcome.Error.Trim()["eigenscope: interrupted; what was done so far is in ".Length..];
        Assert.StartsWith(Path.GetTempPath(), path, StringComparison.Ordinal);
        Assert.True(File.Exists(path));
        Directory.Delete(Path.GetFullPath(Path.Combine(path, "..", "..", "..")), recursive: true);
    }

    [Fact]
    public void A_result_that_cannot_be_saved_is_still_shown_before_the_error()
    {
        CommandLine line = Line(new CliServices { ValidateStudy = Accept, Study = (_, _, _, _, _) => Obstructing(_folder["out.json"]) });

        CommandLineOutcome outcome = line.Run("study", "--json", _folder["out.json"], "--arrays", _folder["out.npz"]);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains(Reports.LongFinding, outcome.Output, StringComparison.Ordinal);
        Assert.StartsWith("eigenscope: ", Assert.Single(outcome.Error.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
        Assert.Contains("out.npz", _folder.Entries);
    }

    [Fact]
    public void An_interrupted_study_is_saved_where_it_was_asked_to_be()
    {
        using CancellationTokenSource interruption = new();
        CommandLine line = Line(new CliServices { ValidateStudy = Accept, Study = (_, _, _, _, token) => Interrupted(interruption, token) });

        CommandLineOutcome outcome = line.Run(interruption.Token, "study", "--quiet", "--json", _folder["out.json"]);

        Assert.Equal(130, outcome.ExitCode);
        Assert.Contains("partial", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(["out.json"], _folder.Entries);
    }

    [Fact]
    public void A_command_that_has_nothing_to_save_ends_with_one_line()
    {
        using CancellationTokenSource interruption = new();
        interruption.Cancel();

        Line().Run(interruption.Token, "doctor").AssertFailed(130, "interrupted");
    }

    [Fact]
    public void A_failure_while_running_is_told_in_one_line()
    {
        Line(Throwing(new RunFailedException("training diverged\nin every attempt"))).Run("study").AssertFailed(1, "training diverged in every attempt");
        Line(Throwing(new IOException("disk full"))).Run("study").AssertFailed(1, "disk full");
        Line(Throwing(new OutOfMemoryException())).Run("study").AssertFailed(1, "not enough memory");
        Line(Throwing(new InvalidOperationException("this cannot be"))).Run("study").AssertFailed(1, "please report it", "this cannot be");
    }

    [Fact]
    public void A_stack_trace_is_shown_on_request_only()
    {
        CommandLine line = Line(Throwing(new InvalidOperationException("this cannot be")));
        line.Variables["EIGENSCOPE_DEBUG"] = "1";

        Assert.Contains($"   at {typeof(OutputTests).FullName}", line.Run("study").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reader_that_has_seen_enough_is_no_failure()
    {
        CliContext context = new()
        {
            Output = new ClosedPipe(),
            Error = TextWriter.Null,
            OpenOutput = () => Stream.Null,
            OpenInput = () => Stream.Null,
            Program = new WorkerProgram("eigenscope", []),
            Folder = Environment.CurrentDirectory,
            Terminal = null,
            Progress = null,
            HelpWidth = 80,
            Time = TimeProvider.System,
            Variable = _ => null,
        };

        Assert.Equal(0, new CliApplication(context, Giving(Reports.Create())).Run(["study"], CancellationToken.None));
    }

    [Fact]
    public void Progress_is_shown_unless_quiet()
    {
        Recorder recorder = new();
        CliServices services = new() { ValidateStudy = Accept, Study = (_, _, _, progress, _) => Reporting(progress) };

        new CommandLine { Services = services, Progress = recorder }.Run("study", "--quiet");
        Assert.Empty(recorder.Seen);
        new CommandLine { Services = services, Progress = recorder }.Run("study", "--json", "-");
        Assert.Equal([new RunProgress("training", 0.5, "loss 1")], recorder.Seen);
    }

    private CommandLine Line(CliServices? services = null, int? terminalWidth = null)
    {
        CommandLine line = new() { Services = services ?? new CliServices(), TerminalWidth = terminalWidth };
        line.Variables["EIGENSCOPE_HOME"] = _folder["home"];
        line.Variables["EIGENSCOPE_BLAS"] = "managed";
        return line;
    }

    [GeneratedRegex(@"\x1b\[[0-9;]*m")]
    private static partial Regex Style();

    private static void Accept(StudyOptions options, RunSettings settings)
    {
    }

    private static CliServices Giving(Report report) => new() { ValidateStudy = Accept, Study = (_, _, _, _, _) => report };

    private static CliServices Throwing(Exception exception) => new() { ValidateStudy = Accept, Study = (_, _, _, _, _) => throw exception };

    private static Report Keep(ref (StudyOptions Options, RunSettings Settings)? seen, StudyOptions options, RunSettings settings)
    {
        seen = (options, settings);
        return Reports.Create();
    }

    private static Report Interrupted(CancellationTokenSource interruption, CancellationToken token)
    {
        interruption.Cancel();
        return Reports.Create(isPartial: token.IsCancellationRequested) with { Command = "study" };
    }

    // As a disk that fills up while the command runs: what was writable is not any more.
    private static Report Obstructing(string path)
    {
        Directory.CreateDirectory(path);
        return Reports.Create();
    }

    private static Report Reporting(IProgress<RunProgress>? progress)
    {
        progress?.Report(new RunProgress("training", 0.5, "loss 1"));
        return Reports.Create();
    }

    private sealed class Recorder : IProgressDisplay, IProgress<RunProgress>
    {
        public List<RunProgress> Seen { get; } = [];

        public void Report(RunProgress value) => Seen.Add(value);

        public Report Run(Func<IProgress<RunProgress>?, Report> work, CancellationToken interruption) => work(this);
    }

    private sealed class ClosedPipe : StringWriter
    {
        public override void WriteLine(string? value) => throw new IOException("Broken pipe");
    }
}
