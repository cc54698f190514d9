using System.CommandLine;
using Eigenscope.Cli.Parsing;
using Eigenscope.Experiments;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;
using Eigenscope.Experiments.Sweeps;

namespace Eigenscope.Cli.Commands;

/// <summary>Understands the command lines of a sweep's runs by the commands themselves, and keeps what they ask for instead of doing it.</summary>
internal sealed class PreparingRunner : CommandRunner
{
    private readonly RootCommand _root;
    private PreparedRun? _prepared;

    /// <summary>Creates it.</summary>
    /// <param name="context">What surrounds the program.</param>
    /// <param name="interruption">Cancelled by Ctrl-C.</param>
    /// <param name="commands">Creates the commands that a sweep can run.</param>
    public PreparingRunner(CliContext context, CancellationToken interruption, Func<CommandRunner, IEnumerable<Command>> commands)
        : base(context, interruption)
    {
        _root = [];
        foreach (Command command in commands(this))
            _root.Add(command);
    }

    /// <summary>Understands one command line.</summary>
    /// <exception cref="UsageException">It is not understood.</exception>
    public PreparedRun Prepare(IReadOnlyList<string> arguments)
    {
        ParseResult parsed = _root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
            throw new UsageException(ParseErrors.Describe(parsed));
        _prepared = null;
        parsed.Invoke(new InvocationConfiguration { Output = TextWriter.Null, Error = TextWriter.Null, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        return _prepared ?? throw new UsageException($"a run of a sweep must be one that measures, got '{string.Join(' ', arguments)}'");
    }

    /// <inheritdoc/>
    public override int Run(CommandRequest request, Func<IProgress<RunProgress>?, Report> work) => ExitCode.Done;

    /// <inheritdoc/>
    public override int Measure(CommandRequest request, Func<RunSettings, IProgress<RunProgress>?, CancellationToken, Report> work)
    {
        void Validate()
        {
            RunSettingsCheck.Validate(request.Settings);
            request.Validate?.Invoke();
        }
        _prepared = new PreparedRun { Settings = request.Settings, Validate = Validate, Run = work };
        return ExitCode.Done;
    }
}
