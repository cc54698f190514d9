namespace Eigenscope.Experiments.Runs;

/// <summary>The permission to download data sets, and what downloads are made with.</summary>
/// <param name="Time">The clock by which a server that sends nothing is given up.</param>
/// <param name="CreateHandler">Creates what sends requests; null uses the network, through a proxy where the environment names one.</param>
public sealed record NetworkAccess(TimeProvider Time, Func<HttpMessageHandler>? CreateHandler = null);
