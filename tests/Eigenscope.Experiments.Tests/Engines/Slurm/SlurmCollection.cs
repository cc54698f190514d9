using Eigenscope.Testing.Slurm;

namespace Eigenscope.Experiments.Tests.Engines.Slurm;

/// <summary>The tests that share one cluster, one after the other: some of them stop parts of it.</summary>
[CollectionDefinition(Name)]
public sealed class SlurmCollection : ICollectionFixture<SharedCluster>
{
    public const string Name = "Slurm";
}

/// <summary>A cluster that is started for the first test that needs it.</summary>
public sealed class SharedCluster : IDisposable
{
    private readonly Lazy<SlurmCluster> _cluster = new(static () => new SlurmCluster());

    public SlurmCluster Cluster => _cluster.Value;

    public void Dispose()
    {
        if (_cluster.IsValueCreated)
            _cluster.Value.Dispose();
    }
}
