using System.Globalization;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;
using Eigenscope.Learning.Data;

namespace Eigenscope.Experiments.DataListing;

/// <summary>Checks the files of a data set, as a report.</summary>
public static class DataVerify
{
    /// <summary>Compares the files of a data set with what was published.</summary>
    /// <param name="name">A known name.</param>
    /// <param name="settings">Where to look; nothing is downloaded.</param>
    /// <param name="cancellation">Stops between files.</param>
    /// <returns>The report; its result is a <see cref="DataVerifyResult"/>, and it has a failure when a file is wrong or missing.</returns>
    /// <exception cref="UsageException">An unknown name, a data set that is not on this machine, or a setting out of range.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static Report Run(string name, RunSettings settings, CancellationToken cancellation)
    {
        RunSettingsCheck.Validate(settings);
        CheckedData data = Verify(name, settings, cancellation);
        return new Report
        {
            Command = "data verify",
            Version = RunHost.Version,
            Environment = RunHost.Start(settings).Describe(settings),
            Config = new Dictionary<string, object?>(StringComparer.Ordinal) { ["name"] = name },
            Result = new DataVerifyResult(data.Name, data.Location, Status(data.State), [.. data.Files.Select(Entry)]),
            IsConverged = true,
            Failure = data.State == FileState.Wrong ? Finding(data) : null,
            Findings = [Finding(data)],
            Tables = data.Files.Count == 0 ? [] : [Table(data)],
        };
    }

    private static CheckedData Verify(string name, RunSettings settings, CancellationToken cancellation)
    {
        try
        {
            return DataFiles.Verify(name, DataFolders.Locate(settings), cancellation);
        }
        catch (DataException exception)
        {
            throw new UsageException(exception.Message, exception);
        }
    }

    private static string Finding(CheckedData data) => data.State switch
    {
        FileState.Right when data.Files.Count == 0 => $"{data.Name} is {data.Location}: there is no file to check.",
        FileState.Right => $"{data.Name} ({data.Location}): every file is right.",
        FileState.Partial => $"{data.Name} ({data.Location}): well formed, but only a part of what was published; results of it say so.",
        _ => $"{data.Name} ({data.Location}): {string.Join(", ", data.Files.Where(static file => file.State is FileState.Wrong or FileState.Missing).Select(static file => $"{file.Name} is {Status(file.State)}"))}",
    };

    private static string Status(FileState state) => state switch
    {
        FileState.Right => "ok",
        FileState.Partial => "partial",
        FileState.Missing => "missing",
        _ => "wrong",
    };

    private static DataVerifyEntry Entry(CheckedFile file) => new()
    {
        Name = file.Name,
        Bytes = file.Bytes,
        BytesReason = file.Bytes is null ? "the file is not there" : null,
        Status = Status(file.State),
        Detail = file.Detail,
    };

    private static SummaryTable Table(CheckedData data) => new(
        "Files",
        [new("file", false), new("bytes", true), new("status", false), new("detail", false)],
        [.. data.Files.Select(static file => new[] { file.Name, file.Bytes?.ToString(CultureInfo.InvariantCulture) ?? "", Status(file.State), file.Detail })],
        []);
}
