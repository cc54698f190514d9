using Eigenscope.Experiments.Engines;
using Eigenscope.Experiments.Engines.Slurm;
using Eigenscope.Testing.Files;
using Eigenscope.Testing.Slurm;

namespace Eigenscope.Experiments.Tests.Engines.Slurm;

[Collection(SlurmCollection.Name)]
public sealed class JobScriptTests(SharedCluster shared) : IDisposable
{
    private const string Hostile = "a 'b' \"c\" $HOME `id` %A #d";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_script_is_written_whole()
    {
        JobScript script = new(["/opt/dotnet", "/opt/eigenscope.dll"], new Dictionary<string, string>(StringComparer.Ordinal) { ["B"] = "2", ["A"] = "it's" }, "/data");
        SlurmOptions options = new() { Partition = "long", Account = "physics", Time = "2:00:00", Memory = "4G", Gres = "gpu:1", Cpus = 2, Further = ["--constraint=icelake"] };

        Assert.Equal(
            """
            #!/bin/bash
            #SBATCH --job-name=name
            #SBATCH --output="/logs/%a.log"
            #SBATCH --open-mode=append
            #SBATCH --chdir="/data"
            #SBATCH --requeue
            #SBATCH --partition=long
            #SBATCH --account=physics
            #SBATCH --time=2:00:00
            #SBATCH --mem=4G
            #SBATCH --gres=gpu:1
            #SBATCH --cpus-per-task=2
            #SBATCH --constraint=icelake
            export A='it'\''s'
            export B='2'
            exec '/opt/dotnet' '/opt/eigenscope.dll' 'sweep-task' '--task' "$SLURM_ARRAY_TASK_ID"

            """,
            script.Task("name", "/logs/%a.log", options, ["sweep-task", "--task"]));
        string once = script.Once("name", "/logs/collect.log", options, ["collect"]);
        Assert.Contains("--partition=long\n#SBATCH --account=physics\nexport", once, StringComparison.Ordinal);
        Assert.EndsWith("'collect'\n", once, StringComparison.Ordinal);
    }

    [SlurmFact]
    public void Paths_and_values_of_any_characters_reach_the_program()
    {
        SlurmCluster cluster = shared.Cluster;
        string home = _folder[Hostile];
        Directory.CreateDirectory(home);
        JobScript script = new(["/bin/sh", "-c", "printf '%s|' \"$@\" \"$GIVEN\" \"$PWD\"", "sh"], new Dictionary<string, string>(StringComparer.Ordinal) { ["GIVEN"] = Hostile }, home);
        string file = _folder.Write("job.sh", script.Task("name", JobScript.Escape(home) + "/%a.log", new SlurmOptions { Partition = "work", Cpus = 2, Further = ["--comment=\"a b\""] }, [Hostile, "--task"]));
        SlurmClient client = new(new SystemProcessRunner(), cluster.Environment);

        long job = client.Submit(new SlurmJob(file) { Tasks = 2 }, default);

        cluster.Wait(() => client.Tasks([job], default).All(static task => task.State == SlurmState.Completed), "both tasks have completed");
        foreach (int task in new[] { 0, 1 })
            Assert.Equal($"{Hostile}|--task|{task}|{Hostile}|{home}|", File.ReadAllText(Path.Combine(home, $"{task}.log")));
        Assert.True(JobScript.CanName(home));
        Assert.False(JobScript.CanName("back\\slash"));
    }
}
