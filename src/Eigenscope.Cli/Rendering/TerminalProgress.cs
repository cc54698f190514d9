using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;
using Spectre.Console;

namespace Eigenscope.Cli.Rendering;

/// <summary>One live line on a terminal: what is being done, how far it is, and about how long it will take; gone when the run ends.</summary>
internal sealed class TerminalProgress : IProgressDisplay
{
    private const int BarWidth = 12;

    // The bar, the percentage and the gaps between columns.
    private const int Reserved = BarWidth + 12;
    private readonly IAnsiConsole _console;
    private readonly TimeProvider _time;

    public TerminalProgress(TextWriter error, int width, TimeProvider time)
    {
        // Said, because a writer that is not the console's own is not recognised as a terminal.
        _console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error), Interactive = InteractionSupport.Yes });
        _console.Profile.Width = width;
        _time = time;
    }

    /// <inheritdoc/>
    public Report Run(Func<IProgress<RunProgress>?, Report> work, CancellationToken interruption)
    {
        ProgressText text = new(_time);
        return _console.Progress()
            .AutoClear(true)
            .Columns(new ProgressBarColumn { Width = BarWidth }, new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .Start(context =>
            {
                ProgressTask task = context.AddTask("starting", maxValue: 1.0);
                using CancellationTokenRegistration stopping = interruption.Register(() => task.Description = "stopping (again to quit at once)");
                return work(new Reporter(progress =>
                {
                    task.Value = progress.Fraction;
                    if (!interruption.IsCancellationRequested)
                        task.Description = Markup.Escape(text.Describe(progress, _console.Profile.Width - Reserved));
                }));
            });
    }

    // On the calling thread: System.Progress would post to the thread pool that the run computes on.
    private sealed class Reporter(Action<RunProgress> show) : IProgress<RunProgress>
    {
        public void Report(RunProgress value) => show(value);
    }
}
