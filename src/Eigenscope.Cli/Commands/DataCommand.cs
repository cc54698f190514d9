using System.CommandLine;
using Eigenscope.Experiments.DataListing;
using Eigenscope.Experiments.Runs;

namespace Eigenscope.Cli.Commands;

/// <summary><c>eigenscope data list</c>.</summary>
internal static class DataCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandRunner runner)
    {
        SharedOptions shared = new();
        Command list = new("list", "List the data sets known by name, and where they are");
        shared.AddTo(list);
        list.SetAction(parsed =>
        {
            RunSettings settings = shared.Settings(parsed, runner.Context.Variable);
            CommandRequest request = new() { Settings = settings, Json = shared.Json(parsed), IsQuiet = shared.IsQuiet(parsed) };
            return runner.Run(request, _ => DataList.Run(settings));
        });
        return new Command("data", "Data sets: what is known by name, and where it is") { list };
    }
}
