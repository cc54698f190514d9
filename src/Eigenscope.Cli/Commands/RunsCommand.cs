using System.CommandLine;
using Eigenscope.Cli.Parsing;
using Eigenscope.Experiments;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;
using Eigenscope.Experiments.Store;

namespace Eigenscope.Cli.Commands;

/// <summary><c>eigenscope runs list</c>, <c>show</c>, <c>compare</c>, <c>export</c> and <c>delete</c>.</summary>
internal static class RunsCommand
{
    private const int StandardLimit = 50;

    /// <summary>Creates the command.</summary>
    public static Command Create(CommandRunner runner) => new("runs", "The store of runs: what sweeps have carried out")
    {
        List(runner),
        Show(runner),
        Compare(runner),
        Export(runner),
        Delete(runner),
    };

    private static Command List(CommandRunner runner)
    {
        Parts parts = new("list", "List runs, the latest first");
        FilterOptions filter = parts.WithFilter();
        Option<int> limit = parts.WithLimit();
        return parts.Create(runner, (parsed, store, settings) => StoredRuns.List(store, filter.Read(parsed), Limit(parsed, limit), settings));
    }

    private static Command Show(CommandRunner runner)
    {
        Parts parts = new("show", "Show one run: options, numbers, files");
        Argument<string> id = parts.WithId();
        return parts.Create(runner, (parsed, store, settings) => StoredRuns.Show(store, parsed.GetValue(id)!, settings));
    }

    private static Command Compare(CommandRunner runner)
    {
        Parts parts = new("compare", "Put runs side by side: the options in which they differ, and their numbers");
        Argument<string[]> ids = parts.WithIds();
        FilterOptions filter = parts.WithFilter();
        Option<int> limit = parts.WithLimit();
        return parts.Create(runner, (parsed, store, settings) => StoredRuns.Compare(store, parsed.GetValue(ids) ?? [], filter.Read(parsed), Limit(parsed, limit), settings));
    }

    private static Command Export(CommandRunner runner)
    {
        Parts parts = new("export", "Copy the folder of a run: its JSON, arrays and model");
        Argument<string> id = parts.WithId();
        Option<string?> target = parts.With(OptionKinds.OptionalText("--out", "FOLDER", "A folder that is not there yet [default: the run's identity]"));
        return parts.Create(runner, (parsed, store, settings) => StoredRuns.Export(store, parsed.GetValue(id)!, parsed.GetValue(target) ?? parsed.GetValue(id)!, settings));
    }

    private static Command Delete(CommandRunner runner)
    {
        Parts parts = new("delete", "Take runs out of the store, for good");
        Argument<string[]> ids = parts.WithIds();
        FilterOptions filter = parts.WithFilter();
        return parts.Create(runner, (parsed, store, settings) => StoredRuns.Delete(store, parsed.GetValue(ids) ?? [], filter.Read(parsed), settings));
    }

    private static int Limit(ParseResult parsed, Option<int> limit) => parsed.GetValue(limit) is >= 1 and int lines ? lines : throw new UsageException($"--limit must be at least 1, got {parsed.GetValue(limit)}");

    /// <summary>A command under construction.</summary>
    private sealed class Parts(string name, string description)
    {
        private readonly Command _command = new(name, description);
        private readonly Option<string?> _store = EngineCommandOptions.StoreOption();
        private readonly SharedOptions _shared = new();

        public Argument<string> WithId()
        {
            Argument<string> id = new("RUN") { Description = "A run's identity, or the first digits of it" };
            _command.Add(id);
            return id;
        }

        public Argument<string[]> WithIds()
        {
            Argument<string[]> ids = new("RUN") { Description = "Identities of runs, or the first digits of them; without any the options choose", Arity = ArgumentArity.ZeroOrMore };
            _command.Add(ids);
            return ids;
        }

        public FilterOptions WithFilter()
        {
            FilterOptions filter = new();
            foreach (Option option in filter.All)
                _command.Add(option);
            return filter;
        }

        public Option<int> WithLimit() => With(OptionKinds.Whole("--limit", "N", "Most lines of the table; the JSON holds all", StandardLimit));

        public Option<T> With<T>(Option<T> option)
        {
            _command.Add(option);
            return option;
        }

        public Command Create(CommandRunner runner, Func<ParseResult, string?, RunSettings, Report> run)
        {
            _command.Add(_store);
            _shared.AddTo(_command);
            _command.SetAction(parsed =>
            {
                RunSettings settings = _shared.Settings(parsed, runner.Context);
                CommandRequest request = new() { Settings = settings, Json = _shared.Json(parsed), IsQuiet = _shared.IsQuiet(parsed) };
                return runner.Run(request, _ => run(parsed, parsed.GetValue(_store), settings));
            });
            return _command;
        }
    }

    /// <summary>The options that choose runs.</summary>
    private sealed class FilterOptions
    {
        private readonly Option<string?> _command = OptionKinds.OptionalText("--command", "NAME", "Runs of this command: study, ufm or deep-rfm");
        private readonly Option<string?> _name = OptionKinds.OptionalText("--name", "SWEEP", "Runs that were first part of this sweep");
        private readonly Option<string?> _status = OptionKinds.OptionalText("--status", "done|failed", "Runs that ended so");
        private readonly Option<string[]> _where = new("--where")
        {
            HelpName = "CONDITION",
            Description = "An option or a result, a comparison and a value: width>=8, loss=mse, accuracy<0.9; may be given more than once, and all must hold",
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = false,
        };

        public IReadOnlyList<Option> All => [_command, _name, _status, _where];

        public RunFilter Read(ParseResult parsed) => new()
        {
            Command = parsed.GetValue(_command),
            Name = parsed.GetValue(_name),
            Status = parsed.GetValue(_status),
            Conditions = parsed.GetValue(_where) ?? [],
        };
    }
}
