namespace Eigenscope.Cli.Tests.Slurm;

/// <summary>The tests that share one cluster, one after the other: some of them stop parts of it.</summary>
[CollectionDefinition(Name)]
public sealed class SlurmCollection : ICollectionFixture<SharedCluster>
{
    public const string Name = "Slurm";
}
