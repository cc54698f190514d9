namespace Eigenscope.Learning.Data;

/// <summary>How patient a download is.</summary>
public sealed record DownloadOptions
{
    /// <summary>How long a connection may take, names of hosts included: a machine without a network is told soon. Default 8 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>How long a server may send nothing. Default 20 s.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How often a connection that broke or stalled is made again, each time from where it broke and only if something had come. Default 4.</summary>
    public int Reconnections { get; init; } = 4;
}
