using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Eigenscope.Testing.Slurm;

/// <summary>
/// A real Slurm with two nodes of two processors each, all on this machine and in a folder of its own: a controller and two node daemons on free ports, with no accounts, no cgroups and no authentication.
/// Everything it started is gone when it is disposed of, or when this process ends.
/// </summary>
public sealed class SlurmCluster : IDisposable
{
    /// <summary>The names of the nodes.</summary>
    public static readonly IReadOnlyList<string> Nodes = ["n1", "n2"];

    private const string Controller = "slurmctld", Daemon = "slurmd";
    private static readonly string[] Folders = ["/usr/local/sbin", "/usr/sbin", "/sbin", .. (System.Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)];
    private readonly int[] _ports = FreePorts(1 + Nodes.Count);
    private readonly Dictionary<string, GuardedProcess> _running = new(StringComparer.Ordinal);

    /// <summary>Starts a cluster and waits until both nodes are idle.</summary>
    public SlurmCluster()
    {
        Folder = Directory.CreateTempSubdirectory("es-").FullName;
        try
        {
            WriteConfiguration();
            StartController();
            foreach (string node in Nodes)
                Start(node, Daemon, "-D", "-N", node, "-f", Configuration);
            Wait(() => Ask("sinfo", "-h", "-N", "-o", "%T").Split('\n', StringSplitOptions.RemoveEmptyEntries) is ["idle", "idle"], "both nodes are idle");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Why there can be no cluster on this machine; null where there can be one.</summary>
    public static string? Missing { get; } = new[] { Controller, Daemon, "sbatch" }.FirstOrDefault(static program => Find(program) is null) is { } program
        ? $"no Slurm on this machine ({program} is missing; Debian: apt-get install slurmctld slurmd slurm-client)"
        : null;

    /// <summary>Its folder; everything it writes is there.</summary>
    public string Folder { get; }

    /// <summary>What clients need in their environment.</summary>
    public IReadOnlyDictionary<string, string?> Environment => new Dictionary<string, string?>(StringComparer.Ordinal) { ["SLURM_CONF"] = Configuration };

    private string Configuration => Path.Combine(Folder, "slurm.conf");

    private string PrologBreaks => Path.Combine(Folder, "prolog-breaks");

    /// <summary>Runs one of Slurm's programs.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>What it printed; "" where it failed.</returns>
    public string Ask(string program, params IReadOnlyList<string> arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["SLURM_CONF"] = Configuration;
        using Process process = Process.Start(start)!;
        Task<string> complaint = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        complaint.Wait();
        process.WaitForExit();
        return process.ExitCode == 0 ? output.Trim() : "";
    }

    /// <summary>Sets a node down: its tasks go back to the queue, and start again once their old credentials have expired.</summary>
    /// <param name="node">The node.</param>
    public void FailNode(string node) => Ask("scontrol", "update", $"nodename={node}", "state=down", "reason=test");

    /// <summary>Takes a node back that was set down or drained.</summary>
    /// <param name="node">The node.</param>
    public void ResumeNode(string node)
    {
        Ask("scontrol", "update", $"nodename={node}", "state=resume");
        Wait(() => Ask("sinfo", "-h", "-N", "-n", node, "-o", "%T") is "idle" or "mixed" or "allocated", $"{node} is back");
    }

    /// <summary>Stops the controller and starts it again, as for an update.</summary>
    public void RestartController()
    {
        StopController();
        StartController();
    }

    /// <summary>Stops the controller; running tasks run on.</summary>
    /// <param name="abruptly">As a machine that fails: what it had not yet saved is lost.</param>
    public void StopController(bool abruptly = false)
    {
        _running.Remove(Controller, out GuardedProcess? process);
        process?.Stop(abruptly ? "KILL" : "TERM");
        process?.Dispose();
    }

    /// <summary>Starts the controller and waits until it answers.</summary>
    public void StartController()
    {
        Start(Controller, Controller, "-D", "-f", Configuration);
        Wait(() => CanConnect() && Ask("sinfo", "-h").Length > 0, "the controller answers");
    }

    /// <summary>Lets the start of every task fail from now on, or no longer: such tasks are requeued and held, and their node is drained.</summary>
    /// <param name="fails">Whether it fails.</param>
    public void BreakProlog(bool fails)
    {
        if (fails)
            File.WriteAllText(PrologBreaks, "");
        else
            File.Delete(PrologBreaks);
    }

    /// <summary>Kills every process of a task that is running, or is just being started by its node.</summary>
    /// <param name="job">Id of the array.</param>
    /// <param name="index">Index of the task.</param>
    public void KillTask(long job, int index)
    {
        int[] found = [];
        Wait(() => (found = [.. Processes($"SLURM_CONF={Configuration}", $"SLURM_ARRAY_JOB_ID={job}", $"SLURM_ARRAY_TASK_ID={index}")]).Length > 0, $"task {job}_{index} has processes");
        foreach (int id in found)
            Kill(id);
    }

    /// <summary>Waits until no job runs, one that the controller has forgotten included.</summary>
    public void WaitForJobs() => Wait(() => !Processes($"SLURM_CONF={Configuration}").Any(static id => (Environ($"/proc/{id}") ?? "").Contains("\0SLURM_JOB_ID=", StringComparison.Ordinal)), "no job runs");

    /// <summary>Waits until something holds.</summary>
    /// <param name="holds">What is to hold.</param>
    /// <param name="what">The same in words, for the message.</param>
    /// <param name="seconds">How long to wait.</param>
    /// <exception cref="TimeoutException">It did not.</exception>
    public void Wait(Func<bool> holds, string what, double seconds = 180.0)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!holds())
        {
            if (TimeProvider.System.GetElapsedTime(start).TotalSeconds > seconds)
                throw new TimeoutException($"after {seconds} s it is not so that {what}\n{Ask("squeue", "-r", "-t", "all")}\n{Ask("sinfo", "-N", "-l")}\n{Tail("slurmctld.log")}");
            Thread.Sleep(100);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Tasks first, so that no daemon waits for them; again afterwards, for what was just starting.
        KillAll("SLURM_ARRAY_JOB_ID=", "SLURM_JOB_ID=");
        foreach (GuardedProcess process in _running.Values)
            process.Dispose();
        _running.Clear();
        KillAll("");
        for (int attempt = 0; Directory.Exists(Folder); attempt++)
        {
            try
            {
                Directory.Delete(Folder, recursive: true);
            }
            catch (IOException) when (attempt < 20)
            {
                // A step that was just killed may still have been writing.
                Thread.Sleep(100);
            }
        }
    }

    private static string? Find(string program) => Folders.Where(static folder => folder.Length > 0).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static void Kill(int id)
    {
        try
        {
            using Process process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (ArgumentException)
        {
            // It has ended meanwhile.
        }
    }

    // Everything below the daemons has the configuration of this cluster, and of no other, in its environment.
    private static IEnumerable<int> Processes(params string[] variables)
    {
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out int id) && Environ(folder) is { } environ && variables.All(variable => environ.Contains($"\0{variable}\0", StringComparison.Ordinal)))
                yield return id;
        }
    }

    private static string? Environ(string folder)
    {
        try
        {
            return $"\0{File.ReadAllText(Path.Combine(folder, "environ"))}";
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private void KillAll(params string[] having)
    {
        foreach (int id in Processes($"SLURM_CONF={Configuration}").ToArray())
        {
            if (having.Any(variable => (Environ($"/proc/{id}") ?? "").Contains($"\0{variable}", StringComparison.Ordinal)))
                Kill(id);
        }
    }

    private void Start(string name, string program, params IReadOnlyList<string> arguments) =>
        _running[name] = new GuardedProcess(Path.Combine(Folder, $"{name}.out"), Environment, [Find(program)!, .. arguments]);

    private bool CanConnect()
    {
        using TcpClient client = new();
        try
        {
            client.Connect(IPAddress.Loopback, _ports[0]);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private string Tail(string file) => File.Exists(Path.Combine(Folder, file)) ? string.Join('\n', File.ReadLines(Path.Combine(Folder, file)).TakeLast(30)) : "";

    // All are held until all are known, so that they differ.
    private static int[] FreePorts(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(static _ => new TcpListener(IPAddress.Loopback, 0))];
        foreach (TcpListener listener in listeners)
            listener.Start();
        int[] ports = [.. listeners.Select(static listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        foreach (TcpListener listener in listeners)
            listener.Dispose();
        return ports;
    }

    private void WriteConfiguration()
    {
        string host = System.Environment.MachineName.Split('.')[0], user = System.Environment.UserName, prolog = Path.Combine(Folder, "prolog");
        foreach (string folder in (string[])["state", .. Nodes.Select(static node => $"spool.{node}")])
            Directory.CreateDirectory(Path.Combine(Folder, folder));
        File.WriteAllText(prolog, $"#!/bin/sh\n[ ! -e '{PrologBreaks}' ]\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(prolog, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        IEnumerable<string> nodes = Nodes.Select((node, index) => $"NodeName={node} NodeHostname={host} NodeAddr=127.0.0.1 Port={_ports[1 + index]} CPUs=2 RealMemory=1000");
        // cred_expire: a requeued task waits 7 seconds instead of 121. The scheduler's settings: it acts at once. KillWait: what ignores a signal is killed soon. MessageTimeout: clients give up sooner.
        File.WriteAllText(Configuration, $"""
            ClusterName=eigenscope
            SlurmctldHost={host}(127.0.0.1)
            SlurmctldPort={_ports[0]}
            AuthType=auth/none
            AuthInfo=cred_expire=5
            CredType=cred/none
            SlurmUser={user}
            SlurmdUser={user}
            StateSaveLocation={Folder}/state
            SlurmdSpoolDir={Folder}/spool.%n
            SlurmctldPidFile={Folder}/slurmctld.pid
            SlurmdPidFile={Folder}/slurmd.%n.pid
            SlurmctldLogFile={Folder}/slurmctld.log
            SlurmdLogFile={Folder}/slurmd.%n.log
            Prolog={prolog}
            MailProg=/bin/true
            ProctrackType=proctrack/linuxproc
            TaskPlugin=task/none
            SwitchType=switch/none
            MpiDefault=none
            SelectType=select/cons_tres
            SelectTypeParameters=CR_CPU
            SlurmdParameters=config_overrides
            JobAcctGatherType=jobacct_gather/none
            AccountingStorageType=accounting_storage/none
            SchedulerParameters=sched_interval=1,batch_sched_delay=0,sched_min_interval=0,bf_interval=1
            ReturnToService=1
            KillWait=2
            MessageTimeout=5
            MinJobAge=86400
            MaxArraySize=10001
            {string.Join('\n', nodes)}
            PartitionName=work Nodes={string.Join(',', Nodes)} Default=YES MaxTime=INFINITE State=UP

            """);
    }
}
