namespace Eigenscope.Learning.Data;

/// <summary>Folders in which a data set known by name is looked for, in this order; each may be null (not used).</summary>
/// <param name="DataFolder">The user's folder of data sets (the environment variable <c>EIGENSCOPE_DATA</c>): data set NAME is its subfolder NAME.</param>
/// <param name="CacheFolder">The folder of downloaded data sets, laid out the same way.</param>
/// <param name="SystemFolder">The machine's folder of data sets, laid out the same way; Debian's is <c>/usr/share/datasets</c>.</param>
public sealed record DataLocations(string? DataFolder = null, string? CacheFolder = null, string? SystemFolder = null)
{
    /// <summary>Downloads into the cache what is known by name and is in none of the folders; null never reaches for a network.</summary>
    public FileDownloader? Downloader { get; init; }

    /// <summary>Nowhere: only embedded and synthetic data, and explicit paths.</summary>
    public static DataLocations None { get; } = new();

    internal IEnumerable<string> Folders => new[] { DataFolder, CacheFolder, SystemFolder }.Where(folder => !string.IsNullOrEmpty(folder))!;

    internal string? Find(string name) => Folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(Path.Exists);
}
