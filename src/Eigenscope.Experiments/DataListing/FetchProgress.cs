using System.Globalization;
using Eigenscope.Experiments.Runs;
using Eigenscope.Learning.Data;

namespace Eigenscope.Experiments.DataListing;

/// <summary>Tells a run's progress of a download.</summary>
internal sealed class FetchProgress : IProgress<DownloadProgress>
{
    private const double Mebibyte = 1 << 20;
    private readonly IProgress<RunProgress> _progress;

    private FetchProgress(IProgress<RunProgress> progress) => _progress = progress;

    public static FetchProgress? Of(IProgress<RunProgress>? progress) => progress is null ? null : new FetchProgress(progress);

    /// <inheritdoc/>
    public void Report(DownloadProgress value) => _progress.Report(new RunProgress(
        "downloading",
        value.Fraction,
        string.Create(CultureInfo.InvariantCulture, $"{value.File} · {value.Received / Mebibyte:0.0} of {value.Bytes / Mebibyte:0.0} MiB")));
}
