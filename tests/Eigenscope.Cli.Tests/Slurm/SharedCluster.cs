using Eigenscope.Testing.Slurm;

namespace Eigenscope.Cli.Tests.Slurm;

/// <summary>A cluster that is started for the first test that needs it.</summary>
public sealed class SharedCluster : IDisposable
{
    private readonly Lazy<SlurmCluster> _cluster = new(static () => new SlurmCluster());

    public SlurmCluster Cluster => _cluster.Value;

    /// <summary>Waits until no job writes any more, if there ever was a cluster.</summary>
    public void Settle()
    {
        if (_cluster.IsValueCreated)
            _cluster.Value.WaitForJobs();
    }

    public void Dispose()
    {
        if (_cluster.IsValueCreated)
            _cluster.Value.Dispose();
    }
}
