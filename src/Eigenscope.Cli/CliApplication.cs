using System.CommandLine;
using System.CommandLine.Help;
using Eigenscope.Cli.Commands;
using Eigenscope.Cli.Parsing;
using Eigenscope.Experiments;

namespace Eigenscope.Cli;

/// <summary>The program: arguments in, exit code out. Nothing is read from or written to but the context.</summary>
internal sealed class CliApplication(CliContext context, CliServices services)
{
    private const string Name = "eigenscope";

    /// <summary>Runs one command line.</summary>
    /// <param name="arguments">The arguments after the program's name.</param>
    /// <param name="interruption">Cancelled by Ctrl-C.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public int Run(IReadOnlyList<string> arguments, CancellationToken interruption)
    {
        try
        {
            return Dispatch(arguments, interruption);
        }
        catch (UsageException usage)
        {
            return Fail(ExitCode.Usage, usage.Message, usage);
        }
        catch (OperationCanceledException cancelled) when (interruption.IsCancellationRequested)
        {
            return Fail(ExitCode.Interrupted, "interrupted", cancelled);
        }
        catch (Exception failure) when (failure is RunFailedException or IOException or UnauthorizedAccessException)
        {
            return Fail(ExitCode.Failed, failure.Message, failure);
        }
        catch (OutOfMemoryException exhausted)
        {
            return Fail(ExitCode.Failed, "not enough memory for this run: take a smaller network or fewer samples", exhausted);
        }
        catch (Exception defect)
        {
            return Fail(ExitCode.Failed, $"a defect of the program ({defect.GetType().Name}: {defect.Message}); please report it with the command line (EIGENSCOPE_DEBUG=1 shows where it happened)", defect);
        }
    }

    private int Dispatch(IReadOnlyList<string> arguments, CancellationToken interruption)
    {
        RootCommand root = CreateRoot(interruption);
        // Without a response-file replacer, an argument that begins with @ is what it says.
        ParseResult parsed = root.Parse(arguments.Count == 0 ? ["--help"] : arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
            throw new UsageException(ParseErrors.Describe(parsed));
        return parsed.Invoke(new InvocationConfiguration { Output = context.Output, Error = context.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    private RootCommand CreateRoot(CancellationToken interruption)
    {
        ReportingRunner runner = new(context, interruption);
        PreparingRunner preparation = new(context, interruption, CreateRunnable);
        RootCommand root = new("See the low-dimensional skeleton of a deep network: spectra of weights, features, gradients and Hessians, and neural collapse, each number with its verdict.") { HelpName = Name };
        foreach (HelpOption help in root.Options.OfType<HelpOption>())
            help.Action = new HelpAction { MaxWidth = context.HelpWidth };
        foreach (Command command in CreateMeasuring(runner))
            root.Add(command);
        root.Add(AnalyzeCommand.Create(runner, services.ValidateAnalyze, services.Analyze));
        foreach (Command command in CreateMachines(runner))
            root.Add(command);
        root.Add(CompressCommand.Create(runner, services.ValidateCompress, services.Compress));
        root.Add(SweepCommand.Create(runner, preparation.Prepare));
        root.Add(ReproduceCommand.Create(runner, preparation.Prepare));
        root.Add(SweepTaskCommand.Create(runner, preparation.Prepare));
        root.Add(RunsCommand.Create(runner));
        root.Add(DoctorCommand.Create(runner));
        root.Add(DataCommand.Create(runner));
        root.Add(BenchCommand.Create(runner, services.Bench));
        return root;
    }

    // What workers can be told to run.
    private IEnumerable<Command> CreateRunnable(CommandRunner runner) => [.. CreateMeasuring(runner), .. CreateMachines(runner)];

    // What a sweep can run.
    private IEnumerable<Command> CreateMeasuring(CommandRunner runner) =>
    [
        StudyCommand.Create(runner, services.ValidateStudy, services.Study),
        UfmCommand.Create(runner, services.ValidateUfm, services.Ufm),
        DeepRfmCommand.Create(runner, services.ValidateDeepRfm, services.DeepRfm),
    ];

    private IEnumerable<Command> CreateMachines(CommandRunner runner) =>
    [
        RfmCommand.Create(runner, services.ValidateRfm, services.Rfm),
        GrokCommand.Create(runner, services.ValidateGrok, services.Grok),
    ];

    private int Fail(int code, string message, Exception cause)
    {
        context.Error.WriteLine($"{Name}: {message.ReplaceLineEndings(" ")}");
        if (string.Equals(context.Variable("EIGENSCOPE_DEBUG"), "1", StringComparison.Ordinal))
            context.Error.WriteLine(cause.ToString());
        return code;
    }
}
