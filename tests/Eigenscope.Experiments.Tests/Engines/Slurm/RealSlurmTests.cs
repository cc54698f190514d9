using Eigenscope.Experiments.Engines;
using Eigenscope.Experiments.Engines.Slurm;
using Eigenscope.Testing.Files;
using Eigenscope.Testing.Slurm;

namespace Eigenscope.Experiments.Tests.Engines.Slurm;

/// <summary>The client against a real controller and real nodes.</summary>
[Collection(SlurmCollection.Name)]
public sealed class RealSlurmTests(SharedCluster shared) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private SlurmCluster Cluster => shared.Cluster;

    private SlurmClient Client => new(new SystemProcessRunner(), Cluster.Environment);

    public void Dispose() => _folder.Dispose();

    [SlurmFact]
    public void Ends_are_told_apart_by_state_and_exit_code()
    {
        long job = Submit(4, "case $SLURM_ARRAY_TASK_ID in 0) exit 0;; 1) exit 3;; 2) kill -9 $$;; *) exec sleep 60;; esac");
        Cluster.Wait(() => Client.Tasks([job], default).Count(static task => task.State is SlurmState.Completed or SlurmState.Failed) == 3, "three tasks have ended");

        SlurmTask[] tasks = [.. Client.WithExitCodes(Client.Tasks([job], default), default).OrderBy(static task => task.Index)];

        Assert.Equal([SlurmState.Completed, SlurmState.Failed, SlurmState.Failed, SlurmState.Running], tasks.Select(static task => task.State));
        Assert.Equal([(null, null), (3, 0), (0, 9), (null, null)], tasks.Select(static task => (task.ExitCode, task.Signal)));
        Assert.All(tasks, task => Assert.Equal((job, "job"), (task.Job, task.Name)));
        Assert.Equal([job], Client.Find("job", default).Where(found => found == job));
        Client.Cancel([$"{job}_3"], default);
        Cluster.Wait(() => Client.Tasks([job], default).Single(static task => task.Index == 3) is { State: SlurmState.Failed, Word: "CANCELLED" }, "the last task is cancelled");
    }

    [SlurmFact]
    public void A_time_limit_and_a_killed_task_are_failures()
    {
        long job = Submit(2, "exec sleep 100");
        Cluster.Wait(() => Client.Tasks([job], default).All(static task => task.State == SlurmState.Running), "both tasks run");
        Cluster.Ask("scontrol", "update", $"jobid={job}_0", "EndTime=now+1seconds");
        Cluster.KillTask(job, 1);

        Cluster.Wait(() => Client.Tasks([job], default).All(static task => task.State == SlurmState.Failed), "both tasks have failed");

        SlurmTask[] tasks = [.. Client.WithExitCodes(Client.Tasks([job], default), default).OrderBy(static task => task.Index)];
        Assert.Equal("TIMEOUT", tasks[0].Word);
        Assert.Equal(("FAILED", 9), (tasks[1].Word, tasks[1].Signal));
    }

    [SlurmFact]
    public void A_missing_folder_of_logs_is_recognised()
    {
        long job = Submit(1, "exit 0", log: _folder["missing/%a.log"]);
        Cluster.Wait(() => Client.Tasks([job], default).Single().State == SlurmState.Failed, "the task has failed");

        Assert.Contains("the log could not be opened", Client.WithExitCodes(Client.Tasks([job], default), default).Single().Describe(), StringComparison.Ordinal);
    }

    [SlurmFact]
    public void A_task_of_a_node_that_fails_runs_again_elsewhere()
    {
        // Tasks end when they are told to: until then the other node is full, and what was requeued waits, however slowly this test looks.
        long job = Submit(4, $"until [ -e '{_folder.Path}/go' ]; do sleep 0.1; done; echo x >>'{_folder.Path}/ran.'$SLURM_ARRAY_TASK_ID");
        Cluster.Wait(() => Client.Tasks([job], default).All(static task => task.State == SlurmState.Running), "all tasks run");
        Cluster.FailNode("n1");
        try
        {
            Cluster.Wait(() => Client.Tasks([job], default).Count(static task => task.State == SlurmState.Pending) == 2, "two tasks were requeued");
            _folder.Write("go", "");
            Cluster.Wait(() => Client.Tasks([job], default).All(static task => task.State == SlurmState.Completed), "all tasks have completed");
            Assert.All(Client.Tasks([job], default), static task => Assert.Equal("n2", task.Node));
            Assert.Equal(4, _folder.Entries.Count(static name => name.StartsWith("ran.", StringComparison.Ordinal)));
        }
        finally
        {
            Cluster.ResumeNode("n1");
        }
    }

    [SlurmFact]
    public void Held_tasks_and_dependencies_that_cannot_be_met_are_stuck()
    {
        Cluster.BreakProlog(true);
        long job = Submit(1, "exit 0");
        try
        {
            Cluster.Wait(() => Client.Tasks([job], default).Single().State == SlurmState.Stuck, "the task is stuck");
            Assert.Equal("PENDING, launch_failed_requeued_held", Client.Tasks([job], default).Single().Describe());
        }
        finally
        {
            Cluster.BreakProlog(false);
            Client.Cancel([$"{job}"], default);
            foreach (string node in SlurmCluster.Nodes)
                Cluster.ResumeNode(node);
        }
        long failing = Submit(null, "exit 1");
        Write("after.sh", "exit 0", _folder["%j.log"]);
        long after = SlurmAnswers.JobId(Cluster.Ask("sbatch", "--parsable", $"--dependency=afterok:{failing}", _folder["after.sh"]))!.Value;
        Cluster.Wait(() => Client.Tasks([after], default).Single() is { State: SlurmState.Stuck, Reason: "DependencyNeverSatisfied" }, "the dependent job is stuck");
        Client.Cancel([$"{after}"], default);
    }

    [SlurmFact]
    public void A_job_that_waits_for_another_starts_whatever_became_of_it()
    {
        long first = Submit(2, "sleep 1; exit 1");
        long collect = Client.Submit(new SlurmJob(Write("collect.sh", "exit 0", _folder["collect.log"])) { After = [first] }, default);

        Cluster.Wait(() => Client.Tasks([collect], default).Single().State == SlurmState.Completed, "the second job has completed");

        Assert.All(Client.Tasks([first], default), static task => Assert.Equal(SlurmState.Failed, task.State));
    }

    [SlurmFact]
    public void What_is_not_there_is_refused_in_Slurms_words()
    {
        File.WriteAllText(_folder["nowhere.sh"], "#!/bin/bash\n#SBATCH --partition=nowhere\nexit 0\n");

        Assert.Contains("nowhere", Assert.Throws<UsageException>(() => Client.Submit(new SlurmJob(_folder["nowhere.sh"]), default)).Message, StringComparison.Ordinal);
        Assert.Equal(10001, Client.MaxTasks(default));
        Assert.Empty(Client.Tasks([4000000000], default));
        Assert.Empty(Client.Find("no-job-has-this-name", default));
    }

    [SlurmFact]
    public void A_controller_that_is_down_is_told_in_one_line_and_nothing_is_lost_by_it()
    {
        long job = Submit(1, "sleep 1");
        Cluster.StopController();
        try
        {
            string told = Assert.Throws<RunFailedException>(() => Client.Tasks([job], default)).Message;
            Assert.StartsWith("Slurm's controller does not answer", told, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', told);
        }
        finally
        {
            Cluster.StartController();
        }
        Cluster.Wait(() => Client.Tasks([job], default).Single().State == SlurmState.Completed, "the task has completed");
    }

    private long Submit(int? tasks, string body, string? log = null) => Client.Submit(new SlurmJob(Write("job.sh", body, log ?? _folder["%A_%a.log"])) { Tasks = tasks }, default);

    private string Write(string name, string body, string log) => _folder.Write(name, $"#!/bin/bash\n#SBATCH --job-name=job\n#SBATCH --output={log}\n{body}\n");
}
