using Eigenscope.Experiments.Runs;
using Eigenscope.Learning.Data;

namespace Eigenscope.Experiments.Recipes;

/// <summary>Where data sets are looked for by name.</summary>
internal static class DataFolders
{
    /// <summary>The system's folder of data sets, by name.</summary>
    public const string System = "/usr/share/datasets";

    /// <summary>The user's folder, the cache, the system's.</summary>
    public static DataLocations Locate(RunSettings settings) =>
        new(string.IsNullOrEmpty(settings.DataFolder) ? null : settings.DataFolder, HomeFolder.Resolve(settings.Home).Data, System)
        {
            Downloader = settings.Network is { } network ? new FileDownloader(new DownloadOptions(), network.Time, network.CreateHandler) : null,
        };
}
