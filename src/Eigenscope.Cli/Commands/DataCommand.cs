using System.CommandLine;
using Eigenscope.Experiments.DataListing;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;

namespace Eigenscope.Cli.Commands;

/// <summary><c>eigenscope data list</c>, <c>fetch</c> and <c>verify</c>.</summary>
internal static class DataCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandRunner runner) => new("data", "Data sets: what is known by name, where it is, and how to bring it here")
    {
        List(runner),
        Named("fetch", "Download a data set into the cache: goes on where it was interrupted, and keeps nothing whose checksum is wrong", runner, (name, settings, progress) => DataFetch.Run(name, settings, progress, runner.Interruption)),
        Named("verify", "Check the files of a data set against their published checksums", runner, (name, settings, _) => DataVerify.Run(name, settings, runner.Interruption)),
    };

    private static Command List(CommandRunner runner)
    {
        SharedOptions shared = new();
        Command list = new("list", "List the data sets known by name, and where they are");
        shared.AddTo(list);
        list.SetAction(parsed =>
        {
            RunSettings settings = shared.Settings(parsed, runner.Context);
            return runner.Run(Request(shared, parsed, settings), _ => DataList.Run(settings));
        });
        return list;
    }

    private static Command Named(string name, string description, CommandRunner runner, Func<string, RunSettings, IProgress<RunProgress>?, Report> run)
    {
        SharedOptions shared = new();
        Argument<string> dataset = new("NAME") { Description = "A name that 'eigenscope data list' shows" };
        Command command = new(name, description) { dataset };
        shared.AddTo(command);
        command.SetAction(parsed =>
        {
            RunSettings settings = shared.Settings(parsed, runner.Context);
            return runner.Run(Request(shared, parsed, settings), progress => run(parsed.GetValue(dataset)!, settings, progress));
        });
        return command;
    }

    private static CommandRequest Request(SharedOptions shared, ParseResult parsed, RunSettings settings) =>
        new() { Settings = settings, Json = shared.Json(parsed), IsQuiet = shared.IsQuiet(parsed) };
}
