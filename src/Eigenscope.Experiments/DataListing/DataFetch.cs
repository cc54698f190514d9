using System.Globalization;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;
using Eigenscope.Learning.Data;

namespace Eigenscope.Experiments.DataListing;

/// <summary>Brings a data set here, as a report.</summary>
public static class DataFetch
{
    /// <summary>Downloads a data set into the cache, unless it is on this machine already.</summary>
    /// <param name="name">A known name.</param>
    /// <param name="settings">Where to look, and what downloads.</param>
    /// <param name="progress">Told how far it is, or null.</param>
    /// <param name="cancellation">Stops at once; what has come of a file stays for the next attempt.</param>
    /// <returns>The report; its result is a <see cref="DataFetchResult"/>.</returns>
    /// <exception cref="UsageException">An unknown name, or a setting out of range.</exception>
    /// <exception cref="RunFailedException">The download failed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static Report Run(string name, RunSettings settings, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        RunSettingsCheck.Validate(settings);
        FetchedData data = Fetch(name, settings, progress, cancellation);
        return new Report
        {
            Command = "data fetch",
            Version = RunHost.Version,
            Environment = RunHost.Start(settings).Describe(settings),
            Config = new Dictionary<string, object?>(StringComparer.Ordinal) { ["name"] = name },
            Result = new DataFetchResult(data.Name, data.Location, [.. data.Files.Select(Entry)]),
            IsConverged = true,
            Findings = [Finding(data)],
            Tables = data.Files.Count == 0 ? [] : [new SummaryTable("Files", [new("file", false), new("bytes", true), new("status", false)], [.. data.Files.Select(Entry).Select(Row)], [])],
        };
    }

    private static FetchedData Fetch(string name, RunSettings settings, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        try
        {
            return DataFiles.Fetch(name, DataFolders.Locate(settings), FetchProgress.Of(progress), cancellation);
        }
        catch (DataException exception)
        {
            throw new UsageException(exception.Message, exception);
        }
        catch (DataFetchException exception)
        {
            throw new RunFailedException(exception.Message, exception);
        }
    }

    private static string Finding(FetchedData data)
    {
        int downloaded = data.Files.Count(static file => file.WasDownloaded);
        if (data.Files.Count == 0)
            return $"{data.Name} needs no download: {(Path.IsPathRooted(data.Location) ? $"it is in {data.Location}" : $"it is {data.Location}")}.";
        return downloaded == 0
            ? $"{data.Name} is in {data.Location}, whole and right."
            : string.Create(CultureInfo.InvariantCulture, $"{data.Name} is in {data.Location}; {downloaded} of {data.Files.Count} files were downloaded, and their checksums are right.");
    }

    private static DataFetchEntry Entry(FetchedFile file) => new(file.File.Name, file.File.Bytes, file.WasDownloaded ? "downloaded" : "present", file.File.Address.AbsoluteUri);

    private static string[] Row(DataFetchEntry entry) => [entry.Name, entry.Bytes.ToString(CultureInfo.InvariantCulture), entry.Status];
}
