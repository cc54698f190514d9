using Eigenscope.Experiments.Engines.Slurm;

namespace Eigenscope.Experiments.Tests.Engines.Slurm;

/// <summary>Answers as Slurm 22.05 gave them, word for word.</summary>
public sealed class SlurmAnswersTests
{
    private const string Ended =
        "JobId=7 ArrayJobId=1 ArrayTaskId=2 ArrayTaskThrottle=3 JobName=sweep UserId=u(0) GroupId=u(0) MCS_label=N/A Priority=4294901759 Nice=0 Account=(null) QOS=(null) JobState=FAILED Reason=JobLaunchFailure Dependency=(null) " +
        "Requeue=1 Restarts=0 BatchFlag=1 Reboot=0 ExitCode=0:9 RunTime=00:00:01 TimeLimit=00:01:00 TimeMin=N/A\n" +
        "JobId=6 ArrayJobId=1 ArrayTaskId=1 ArrayTaskThrottle=3 JobName=sweep UserId=u(0) GroupId=u(0) MCS_label=N/A Priority=4294901759 Nice=0 Account=(null) QOS=(null) JobState=FAILED Reason=NonZeroExitCode Dependency=(null) " +
        "Requeue=1 Restarts=0 BatchFlag=1 Reboot=0 ExitCode=3:0 RunTime=00:00:01 TimeLimit=00:01:00 TimeMin=N/A\n" +
        "JobId=10 ArrayJobId=1 ArrayTaskId=4 ArrayTaskThrottle=3 JobName=sweep UserId=u(0) GroupId=u(0) MCS_label=N/A Priority=4294901759 Nice=0 Account=(null) QOS=(null) JobState=RUNNING Reason=None Dependency=(null) " +
        "Requeue=1 Restarts=0 BatchFlag=1 Reboot=0 ExitCode=0:0 RunTime=00:00:01 TimeLimit=00:01:00 TimeMin=N/A\n" +
        "JobId=1 ArrayJobId=1 ArrayTaskId=5-9%3 ArrayTaskThrottle=3 JobName=sweep UserId=u(0) GroupId=u(0) MCS_label=N/A Priority=4294901759 Nice=0 Account=(null) QOS=(null) JobState=PENDING Reason=Resources Dependency=(null) " +
        "Requeue=1 Restarts=0 BatchFlag=1 Reboot=0 ExitCode=0:0 RunTime=00:00:00 TimeLimit=00:01:00 TimeMin=N/A\n";

    [Theory]
    [InlineData("17\n", 17L)]
    [InlineData("4294967294;other-cluster\n", 4294967294L)]
    [InlineData("Welcome to the cluster\n17\n", 17L)]
    [InlineData("", null)]
    [InlineData("Submitted batch job 17\n", null)]
    public void The_job_id_is_the_last_line(string output, long? id) => Assert.Equal(id, SlurmAnswers.JobId(output));

    [Fact]
    public void Tasks_are_read_one_a_line_and_other_lines_are_passed_over()
    {
        const string output = "Welcome | to | the | cluster | of | X\n13|3|sweep|RUNNING|n2|None\n13|0|sweep|PENDING||BeginTime\n13|1|sweep|PENDING||launch failed requeued held\n" +
            "13|2|sweep|FAILED|n[1-2]|NonZeroExitCode\n14|N/A|collect|PENDING||Nodes required for job are DOWN, DRAINED or reserved | so they say\n\n";

        Assert.Equal(
            [
                new SlurmTask(13, 3, SlurmState.Running, "RUNNING", "", "n2") { Name = "sweep" },
                new SlurmTask(13, 0, SlurmState.Pending, "PENDING", "BeginTime", "") { Name = "sweep" },
                new SlurmTask(13, 1, SlurmState.Stuck, "PENDING", "launch_failed_requeued_held", "") { Name = "sweep" },
                new SlurmTask(13, 2, SlurmState.Failed, "FAILED", "NonZeroExitCode", "n[1-2]") { Name = "sweep" },
                new SlurmTask(14, null, SlurmState.Pending, "PENDING", "Nodes_required_for_job_are_DOWN,_DRAINED_or_reserved_|_so_they_say", "") { Name = "collect" },
            ],
            SlurmAnswers.Queue(output));
    }

    [Theory]
    [InlineData("PENDING", "Priority", SlurmState.Pending)]
    [InlineData("PENDING", "DependencyNeverSatisfied", SlurmState.Stuck)]
    [InlineData("PENDING", "JobHeldUser", SlurmState.Stuck)]
    [InlineData("REQUEUE_HOLD", "", SlurmState.Stuck)]
    [InlineData("COMPLETING", "", SlurmState.Running)]
    [InlineData("SUSPENDED", "", SlurmState.Running)]
    [InlineData("COMPLETED", "", SlurmState.Completed)]
    [InlineData("TIMEOUT", "TimeLimit", SlurmState.Failed)]
    [InlineData("OUT_OF_MEMORY", "OutOfMemory", SlurmState.Failed)]
    [InlineData("NODE_FAIL", "NodeDown", SlurmState.Failed)]
    [InlineData("CANCELLED", "", SlurmState.Failed)]
    [InlineData("LEVITATING", "", SlurmState.Unknown)]
    public void Words_have_meanings(string word, string reason, SlurmState meaning) => Assert.Equal(meaning, SlurmAnswers.Meaning(word, reason));

    [Fact]
    public void Exit_codes_are_those_of_tasks_that_ended() =>
        Assert.Equal(new Dictionary<int, (int, int)> { [2] = (0, 9), [1] = (3, 0) }, SlurmAnswers.Ends(Ended));

    [Theory]
    [InlineData("JobCompType             = jobcomp/none\nMaxArraySize            = 10001\nMaxJobCount             = 10000\n", 10001)]
    [InlineData("nothing of the sort", null)]
    public void The_largest_array_is_read(string output, int? tasks) => Assert.Equal(tasks, SlurmAnswers.MaxTasks(output));

    [Fact]
    public void A_task_is_described_by_what_helps()
    {
        SlurmTask failed = new(1, 2, SlurmState.Failed, "FAILED", "NonZeroExitCode", "n1");

        Assert.Equal("FAILED, exit code 3 on n1", (failed with { ExitCode = 3, Signal = 0 }).Describe());
        Assert.Equal("FAILED, ended by signal 9 on n1", (failed with { ExitCode = 0, Signal = 9 }).Describe());
        Assert.Equal("FAILED, the log could not be opened (is the folder of logs there on every node?) on n1", (failed with { ExitCode = 0, Signal = 53 }).Describe());
        Assert.Equal("FAILED, NonZeroExitCode on n1", failed.Describe());
        Assert.Equal("TIMEOUT on n1", (failed with { Word = "TIMEOUT", Reason = "TimeLimit", ExitCode = 0, Signal = 15 }).Describe());
        Assert.Equal("PENDING, DependencyNeverSatisfied", new SlurmTask(1, null, SlurmState.Stuck, "PENDING", "DependencyNeverSatisfied", "").Describe());
        Assert.Equal("gone from Slurm's queue", SlurmTask.Gone(1, 2).Describe());
    }
}
