using Eigenscope.Testing.Slurm;

namespace Eigenscope.Experiments.Tests.Engines.Slurm;

/// <summary>A test that needs a real Slurm, and is skipped where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SlurmFactAttribute : FactAttribute
{
    public SlurmFactAttribute() => Skip = SlurmCluster.Missing;
}
