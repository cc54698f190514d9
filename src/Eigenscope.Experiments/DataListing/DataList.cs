using System.Globalization;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;
using Eigenscope.Learning.Data;

namespace Eigenscope.Experiments.DataListing;

/// <summary>The data sets known by name, as a report.</summary>
public static class DataList
{
    /// <summary>Looks for every known data set.</summary>
    /// <param name="settings">Where to look.</param>
    /// <returns>The report; its result is a <see cref="DataListingResult"/>.</returns>
    /// <exception cref="UsageException">A setting out of range.</exception>
    public static Report Run(RunSettings settings)
    {
        RunSettingsCheck.Validate(settings);
        IReadOnlyList<DataSourceInfo> sources = DataCatalog.List(DataFolders.Locate(settings));
        return new Report
        {
            Command = "data list",
            Version = RunHost.Version,
            Environment = RunHost.Start(settings).Describe(settings),
            Config = new Dictionary<string, object?>(StringComparer.Ordinal),
            Result = new DataListingResult([.. sources.Select(Entry)]),
            IsConverged = true,
            Tables = [Table(sources)],
        };
    }

    private static DataListingEntry Entry(DataSourceInfo source) => new()
    {
        Name = source.Name,
        Available = source.Location is not null,
        Location = source.Location,
        LocationReason = source.HowToGet,
        Detail = source.Description,
        Samples = source.Samples,
        TestSamples = source.TestSamples,
        SampleShape = source.SampleShape,
        Classes = source.ClassCount,
    };

    private static SummaryTable Table(IReadOnlyList<DataSourceInfo> sources) => new(
        "Data sets",
        [new("name", false), new("samples", true), new("test", true), new("shape", false), new("classes", true), new("where", false)],
        [.. sources.Select(Row)],
        [.. sources.Where(static source => source.HowToGet is not null).Select(static source => $"{source.Name} is not on this machine: {source.HowToGet}")]);

    private static string[] Row(DataSourceInfo source) =>
    [
        source.Name,
        source.Samples.ToString(CultureInfo.InvariantCulture),
        source.TestSamples.ToString(CultureInfo.InvariantCulture),
        string.Join('×', source.SampleShape),
        source.ClassCount.ToString(CultureInfo.InvariantCulture),
        source.Location ?? "not here",
    ];
}
