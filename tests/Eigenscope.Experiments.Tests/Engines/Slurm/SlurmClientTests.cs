using Eigenscope.Experiments.Engines;
using Eigenscope.Experiments.Engines.Slurm;

namespace Eigenscope.Experiments.Tests.Engines.Slurm;

/// <summary>What the client asks for, and what it makes of refusals; that real programs understand it is seen in <see cref="RealSlurmTests"/>.</summary>
public sealed class SlurmClientTests
{
    private static readonly Dictionary<string, string?> NoVariables = [];

    [Fact]
    public void An_array_is_submitted_with_throttle_and_dependencies()
    {
        PrescribedRunner runner = new(static _ => new ProcessOutcome(ProcessEnding.Exited, 0, "17\n", ""));
        SlurmClient client = new(runner, NoVariables);

        Assert.Equal(17, client.Submit(new SlurmJob("task.sh") { Tasks = 12, Throttle = 4 }, CancellationToken.None));
        Assert.Equal(17, client.Submit(new SlurmJob("collect.sh") { After = [17, 18] }, CancellationToken.None));

        Assert.Equal(["sbatch --parsable --array=0-11%4 task.sh", "sbatch --parsable --dependency=afterany:17:18 collect.sh"], runner.Asked);
    }

    [Fact]
    public void Missing_programs_are_told_as_a_wrong_use()
    {
        SlurmClient client = new(new PrescribedRunner(static _ => new ProcessOutcome(ProcessEnding.NotFound, -1, "", "No such file or directory")), NoVariables);

        UsageException told = Assert.Throws<UsageException>(() => client.Submit(new SlurmJob("task.sh"), CancellationToken.None));

        Assert.Equal("--engine slurm needs Slurm's own program sbatch on the PATH (No such file or directory): start from a login node of the cluster, or take --engine local", told.Message);
    }

    [Fact]
    public void A_refused_job_is_told_in_Slurms_words()
    {
        SlurmClient client = new(PrescribedRunner.Failing(1, "sbatch: error: invalid partition specified: nope\nsbatch: error: Batch job submission failed: Invalid partition name specified\n"), NoVariables);

        UsageException told = Assert.Throws<UsageException>(() => client.Submit(new SlurmJob("task.sh"), CancellationToken.None));

        Assert.Equal("sbatch refused (exit code 1): sbatch: error: invalid partition specified: nope; sbatch: error: Batch job submission failed: Invalid partition name specified", told.Message);
    }

    [Theory]
    [InlineData("slurm_load_jobs error: Unable to contact slurm controller (connect failure)\n")]
    [InlineData("slurm_load_jobs error: Socket timed out on send/recv operation\n")]
    public void A_silent_controller_is_told_as_such(string error)
    {
        SlurmClient client = new(PrescribedRunner.Failing(1, error), NoVariables);

        Assert.Contains("controller does not answer", Assert.Throws<RunFailedException>(() => client.Tasks([1], CancellationToken.None)).Message, StringComparison.Ordinal);
        Assert.Contains("controller does not answer", Assert.Throws<RunFailedException>(() => client.Submit(new SlurmJob("task.sh"), CancellationToken.None)).Message, StringComparison.Ordinal);
        Assert.Contains("controller does not answer", Assert.Throws<RunFailedException>(() => client.Cancel(["1"], CancellationToken.None)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Forgotten_jobs_have_no_tasks()
    {
        SlurmClient client = new(PrescribedRunner.Failing(1, "slurm_load_jobs error: Invalid job id specified\n"), NoVariables);

        Assert.Empty(client.Tasks([1], CancellationToken.None));
        client.Cancel(["1_2"], CancellationToken.None);
    }

    [Fact]
    public void Nothing_is_asked_about_no_jobs()
    {
        PrescribedRunner runner = PrescribedRunner.Failing(1, "");
        SlurmClient client = new(runner, NoVariables);

        Assert.Empty(client.Tasks([], CancellationToken.None));
        client.Cancel([], CancellationToken.None);

        Assert.Empty(runner.Asked);
    }

    [Fact]
    public void Every_wrong_option_is_told_at_once()
    {
        SlurmOptions options = new() { Pack = 0, Throttle = 0, Partition = "a b", Time = "", Further = ["constraint=x", "--comment=a\nb"] };

        string told = Assert.Throws<UsageException>(options.Validate).Message;

        foreach (string option in new[] { "--pack", "--throttle", "--partition", "--time", "constraint=x", "--comment" })
            Assert.Contains(option, told, StringComparison.Ordinal);
    }
}
