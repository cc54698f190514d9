using System.Runtime.ExceptionServices;
using Eigenscope.Cli.Rendering;
using Eigenscope.Experiments;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;
using Eigenscope.Pages;

namespace Eigenscope.Cli.Commands;

/// <summary>What is the same in every command: check where results go, work with progress, save, show, and choose the exit code.</summary>
internal sealed class ReportingRunner(CliContext surroundings, CancellationToken interrupted) : CommandRunner(surroundings, interrupted)
{
    private const string StandardOutput = "-";

    /// <inheritdoc/>
    public override int Measure(CommandRequest request, Func<RunSettings, IProgress<RunProgress>?, CancellationToken, Report> work) =>
        Run(request, progress => work(request.Settings, progress, Interruption));

    /// <inheritdoc/>
    public override int Run(CommandRequest request, Func<IProgress<RunProgress>?, Report> work)
    {
        CheckPaths(request);
        RunSettingsCheck.Validate(request.Settings);
        request.Validate?.Invoke();
        Report report = request.IsQuiet || Context.Progress is null ? work(null) : Context.Progress().Run(work, Interruption);
        ExceptionDispatchInfo? failure = TrySave(request, report);
        if (!request.IsQuiet && request.Json is not StandardOutput)
            Show(report);
        failure?.Throw();
        if (report.Failure is { } reason)
            throw new RunFailedException(reason);
        if (report.IsPartial)
            return ExitCode.Interrupted;
        return report.IsConverged || !request.RequireConverged ? ExitCode.Done : ExitCode.NotConverged;
    }

    private static void CheckPaths(CommandRequest request)
    {
        if (request.Json is not (null or StandardOutput))
            RequireOutput("--json", request.Json, request.Inputs);
        CheckFile("--arrays", request.Arrays, request.Inputs);
        CheckFile(request.ModelOption, request.Model, request.Inputs);
        CheckFile("--report", request.Page, request.Inputs);
        CheckFile("--csv", request.Csv, request.Inputs);
        (string Option, string? Path)[] outputs = [("--json", request.Json), ("--arrays", request.Arrays), (request.ModelOption, request.Model), ("--report", request.Page), ("--csv", request.Csv)];
        for (int later = 1; later < outputs.Length; later++)
        {
            for (int earlier = 0; earlier < later; earlier++)
                RequireDistinct(outputs[later].Option, outputs[later].Path, outputs[earlier].Option, outputs[earlier].Path);
        }
        if (request.Page is not null && !HtmlPage.IsAvailable)
            throw new UsageException($"--report: {NodeAdvice.Missing()}");
    }

    private static void CheckFile(string option, string? path, IReadOnlyList<(string What, string Path)> inputs)
    {
        if (path is StandardOutput)
            throw new UsageException($"{option}: expected a file, got '-'; only --json can go to standard output");
        if (path is not null)
            RequireOutput(option, path, inputs);
    }

    private static void RequireDistinct(string option, string? path, string otherOption, string? other)
    {
        if (path is not null && other is not (null or StandardOutput) && string.Equals(Path.GetFullPath(path), Path.GetFullPath(other), StringComparison.Ordinal))
            throw new UsageException($"{option}: expected another file than that of {otherOption}, got '{path}' for both");
    }

    private static void RequireOutput(string option, string path, IReadOnlyList<(string What, string Path)> inputs)
    {
        OutputPath.RequireWritable(option, path);
        foreach ((string what, string input) in inputs)
        {
            if (IsOfInput(Path.GetFullPath(path), input))
                throw new UsageException($"{option}: expected another file than {what}, got '{path}'");
        }
    }

    private static bool IsOfInput(string full, string input)
    {
        bool isInput = File.Exists(input) && string.Equals(Path.GetFullPath(input), full, StringComparison.Ordinal);
        bool isWithin = Directory.Exists(input) && File.Exists(full) && string.Equals(Path.GetFullPath(input).TrimEnd(Path.DirectorySeparatorChar), Path.GetDirectoryName(full), StringComparison.Ordinal);
        return isInput || isWithin;
    }

    // What was found is shown even where it could not be saved.
    private ExceptionDispatchInfo? TrySave(CommandRequest request, Report report)
    {
        ExceptionDispatchInfo? json = Try(() => SaveJson(request, report));
        ExceptionDispatchInfo? arrays = Try(() => SaveArrays(request, report));
        ExceptionDispatchInfo? model = Try(() => SaveModel(request, report));
        ExceptionDispatchInfo? table = Try(() => SaveTable(request, report));
        ExceptionDispatchInfo? page = Try(() => SavePage(request, report));
        ExceptionDispatchInfo? partial = Try(() => TellPartial(request, report, isSaved: request.Json is not null && json is null));
        return json ?? arrays ?? model ?? table ?? page ?? partial;
    }

    private static ExceptionDispatchInfo? Try(Action save)
    {
        try
        {
            save();
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or RunFailedException)
        {
            return ExceptionDispatchInfo.Capture(failure);
        }
    }

    private void SaveJson(CommandRequest request, Report report)
    {
        if (request.Json is StandardOutput)
        {
            using Stream output = Context.OpenOutput();
            ReportJson.Write(report, output);
        }
        else if (request.Json is { } path)
        {
            ReportJson.Write(report, path);
        }
    }

    private static void SaveArrays(CommandRequest request, Report report)
    {
        if (request.Arrays is { } arrays)
            ArraysFile.Write(arrays, report.Arrays.Value);
    }

    private void SaveModel(CommandRequest request, Report report)
    {
        if (request.Model is not { } path)
            return;
        if (report.SaveModel is { } save)
            save(path);
        else
            Context.Error.WriteLine($"eigenscope: {request.ModelOption}: there is no model to write, the run ended before it was built");
    }

    private static void SaveTable(CommandRequest request, Report report)
    {
        if (request.Csv is { } path)
            report.SaveTable?.Invoke(path);
    }

    private void SavePage(CommandRequest request, Report report)
    {
        if (request.Page is not { } path || report.Page is not { } page)
            return;
        HtmlPage.Write(page.Value, path);
        if (!request.IsQuiet)
            Context.Error.WriteLine($"eigenscope: the report is in {path}");
    }

    private void TellPartial(CommandRequest request, Report report, bool isSaved)
    {
        if (report.IsPartial)
            Context.Error.WriteLine($"eigenscope: interrupted; what was done so far {(isSaved ? "was written, marked as partial" : $"is in {SaveAside(request, report)}")}");
    }

    private string SaveAside(CommandRequest request, Report report)
    {
        try
        {
            return SaveIn(HomeFolder.Resolve(request.Settings.Home), report);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return SaveIn(new HomeFolder(Directory.CreateTempSubdirectory("eigenscope-").FullName), report);
        }
    }

    private string SaveIn(HomeFolder home, Report report)
    {
        string path = home.CreateReportPath(report.Command, Context.Time);
        ReportJson.Write(report, path);
        return path;
    }

    private void Show(Report report)
    {
        IReportRenderer renderer = Context.Terminal is { } terminal ? terminal() : new PlainRenderer(Context.Output);
        try
        {
            renderer.Render(report);
        }
        catch (IOException)
        {
            // The reader of the pipe has seen enough (head, less); what was asked for in files is written.
        }
    }
}
