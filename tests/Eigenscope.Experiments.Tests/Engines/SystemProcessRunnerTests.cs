using System.Diagnostics;
using Eigenscope.Experiments.Engines;
using Eigenscope.Testing.Files;

namespace Eigenscope.Experiments.Tests.Engines;

public sealed class SystemProcessRunnerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SystemProcessRunner _runner = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Arguments_environment_folder_and_exit_code_arrive_as_they_are()
    {
        ProcessRequest request = new("sh", ["-c", "printf '%s|%s|%s|' \"$1\" \"$GIVEN\" \"${HOME-gone}\"; pwd; echo wrong >&2; exit 3", "sh", "a 'b' \"c\" $HOME *"])
        {
            Environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["GIVEN"] = "x y", ["HOME"] = null },
            Folder = _folder.Path,
        };

        ProcessOutcome outcome = _runner.Run(request, CancellationToken.None);

        Assert.Equal(new ProcessOutcome(ProcessEnding.Exited, 3, $"a 'b' \"c\" $HOME *|x y|gone|{_folder.Path}\n", "wrong\n"), outcome);
        Assert.False(outcome.Succeeded);
    }

    [Fact]
    public void Much_output_on_both_streams_blocks_nothing()
    {
        ProcessOutcome outcome = _runner.Run(new ProcessRequest("sh", ["-c", "head -c 1000000 /dev/zero >&2; head -c 1000000 /dev/zero"]), CancellationToken.None);

        Assert.True(outcome.Succeeded);
        Assert.Equal((1000000, 1000000), (outcome.Output.Length, outcome.Error.Length));
    }

    [Fact]
    public void A_missing_program_is_an_answer() =>
        Assert.Equal(ProcessEnding.NotFound, _runner.Run(new ProcessRequest("no-such-program-anywhere", []), CancellationToken.None).Ending);

    [Fact]
    public void A_program_that_takes_too_long_is_ended_with_its_children()
    {
        long start = Stopwatch.GetTimestamp();

        ProcessOutcome outcome = _runner.Run(new ProcessRequest("sh", ["-c", "echo begun; sleep 60 & wait"]) { TimeLimit = TimeSpan.FromSeconds(0.5) }, CancellationToken.None);

        Assert.Equal(new ProcessOutcome(ProcessEnding.TimedOut, -1, "begun\n", ""), outcome);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0.5, 30.0);
    }

    [Fact]
    public void A_cancelled_wait_ends_the_program()
    {
        using CancellationTokenSource cancellation = new();
        long start = Stopwatch.GetTimestamp();
        // A thread and not a timer: timers wait for the thread pool, which other tests keep busy.
        new Thread(() =>
        {
            Thread.Sleep(500);
            cancellation.Cancel();
        }).Start();

        Assert.ThrowsAny<OperationCanceledException>(() => _runner.Run(new ProcessRequest("sleep", ["60"]), cancellation.Token));

        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0.4, 30.0);
    }

    [Fact]
    public void A_time_limit_does_not_wait_for_the_thread_pool()
    {
        using ManualResetEventSlim release = new();
        using CountdownEvent done = new(64);
        for (int i = 0; i < done.InitialCount; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(_ =>
            {
                release.Wait();
                done.Signal();
            }, null);
        }
        try
        {
            long start = Stopwatch.GetTimestamp();

            ProcessOutcome outcome = _runner.Run(new ProcessRequest("sh", ["-c", "echo begun; exec sleep 60"]) { TimeLimit = TimeSpan.FromSeconds(0.5) }, CancellationToken.None);

            Assert.Equal(new ProcessOutcome(ProcessEnding.TimedOut, -1, "begun\n", ""), outcome);
            Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0.5, 30.0);
        }
        finally
        {
            release.Set();
            done.Wait();
        }
    }
}
