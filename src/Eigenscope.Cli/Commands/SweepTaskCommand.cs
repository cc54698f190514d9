using System.CommandLine;
using System.Globalization;
using Eigenscope.Cli.Parsing;
using Eigenscope.Experiments;
using Eigenscope.Experiments.Engines;
using Eigenscope.Experiments.Store;
using Eigenscope.Experiments.Sweeps;

namespace Eigenscope.Cli.Commands;

/// <summary>The hidden command that engines start: carries out some runs of a plan in this process.</summary>
internal sealed class SweepTaskCommand
{
    private readonly Option<string?> _store = EngineCommandOptions.StoreOption();
    private readonly Option<string?> _plan = OptionKinds.OptionalText("--plan", "FILE", "The plan that the store keeps");
    private readonly Option<string?> _runs = OptionKinds.OptionalText("--runs", "LIST", "Places of runs in the plan, by commas");
    private readonly Option<string?> _batch = OptionKinds.OptionalText("--batch", "FILE", "A file with the runs of one task a line, in place of --runs");
    private readonly Option<int?> _task = OptionKinds.OptionalWhole("--task", "T", "The line of the batch, from 0");
    private readonly Option<bool> _watchInput = OptionKinds.Switch("--watch-input", "Stop when standard input ends, as it does when the process at its other end dies");

    private SweepTaskCommand()
    {
    }

    /// <summary>Creates the command.</summary>
    public static Command Create(CommandRunner runner, RunPreparation prepare) => new SweepTaskCommand().CreateCommand(runner, prepare);

    private Command CreateCommand(CommandRunner runner, RunPreparation prepare)
    {
        Command command = new(WorkerProgram.Command, "Carry out runs of a sweep in this process") { Hidden = true };
        foreach (Option option in (Option[])[_store, _plan, _runs, _batch, _task, _watchInput])
            command.Add(option);
        command.SetAction(parsed =>
        {
            using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(runner.Interruption);
            if (parsed.GetValue(_watchInput))
                Watch(runner.Context.OpenInput(), stop);
            try
            {
                return Run(parsed, runner.Context.Time, prepare, stop.Token) ? ExitCode.Done : ExitCode.Interrupted;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                runner.Context.Error.WriteLine(failure.Message.ReplaceLineEndings(" ").TrimEnd('.'));
                return WorkerProgram.StoreFailed;
            }
        });
        return command;
    }

    private bool Run(ParseResult parsed, TimeProvider time, RunPreparation prepare, CancellationToken stop)
    {
        if (parsed.GetValue(_store) is not { } folder || parsed.GetValue(_plan) is not { } plan)
            throw new UsageException($"{WorkerProgram.Command}: expected --store and --plan; it is started by 'eigenscope sweep'");
        RunStore store = RunStore.Open(folder, StoreFiles.Disk) ?? throw new UsageException($"--store: there is no store of runs in '{folder}'");
        return new SweepWorker(store, prepare, time).Run(SweepWorker.LoadPlan(plan), Indices(parsed), progress: null, stop);
    }

    private int[] Indices(ParseResult parsed)
    {
        string text = parsed.GetValue(_runs) ?? Line(parsed.GetValue(_batch), parsed.GetValue(_task));
        return [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(static index => int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : throw new UsageException($"--runs: expected whole numbers by commas, got '{index}'"))];
    }

    private static string Line(string? batch, int? task)
    {
        if (batch is null || task is null)
            throw new UsageException($"{WorkerProgram.Command}: expected --runs, or --batch and --task");
        string[] lines = File.ReadAllLines(batch);
        return task >= 0 && task < lines.Length ? lines[task.Value] : throw new UsageException($"--task: expected 0 to {lines.Length - 1}, the lines of '{batch}', got {task}");
    }

    private static void Watch(Stream input, CancellationTokenSource stop)
    {
        Thread watch = new(() =>
        {
            byte[] nothing = new byte[1];
            try
            {
                while (input.Read(nothing) > 0)
                {
                }
                stop.Cancel();
            }
            catch (Exception end) when (end is IOException or ObjectDisposedException)
            {
                // The run is over, or there is no input.
            }
        })
        { IsBackground = true };
        watch.Start();
    }
}
