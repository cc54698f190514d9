using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

// In process, whatever the job: a generated project would be built without this repository's central package versions.
ManualConfig config = ManualConfig.Create(DefaultConfig.Instance)
    .AddJob(Job.MediumRun.WithLaunchCount(1).AsDefault())
    .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).AsMutator());
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
