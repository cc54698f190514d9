using Eigenscope.Experiments.Benchmarks;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;

namespace Eigenscope.Cli;

/// <summary>The long-running commands, so that tests of the command line need not wait for them.</summary>
internal sealed record CliServices
{
    /// <summary>Checks the options of a study before any work; throws <see cref="Experiments.UsageException"/>.</summary>
    public Action<StudyOptions, RunSettings> ValidateStudy { get; init; } = Experiments.Runs.Study.Validate;

    /// <summary>Runs a study.</summary>
    public Func<StudyOptions, RunSettings, TimeProvider, IProgress<RunProgress>?, CancellationToken, Report> Study { get; init; } = Experiments.Runs.Study.Run;

    /// <summary>Checks the options of an unconstrained feature model before any work; throws <see cref="Experiments.UsageException"/>.</summary>
    public Action<UfmOptions, RunSettings> ValidateUfm { get; init; } = Experiments.Runs.Ufm.Validate;

    /// <summary>Runs an unconstrained feature model.</summary>
    public Func<UfmOptions, RunSettings, TimeProvider, IProgress<RunProgress>?, CancellationToken, Report> Ufm { get; init; } = Experiments.Runs.Ufm.Run;

    /// <summary>Checks the options of Deep RFM before any work; throws <see cref="Experiments.UsageException"/>.</summary>
    public Action<DeepRfmRunOptions, RunSettings> ValidateDeepRfm { get; init; } = DeepRfmExperiment.Validate;

    /// <summary>Runs Deep RFM.</summary>
    public Func<DeepRfmRunOptions, RunSettings, TimeProvider, IProgress<RunProgress>?, CancellationToken, Report> DeepRfm { get; init; } = DeepRfmExperiment.Run;

    /// <summary>Checks the options of a recursive feature machine before any work; throws <see cref="Experiments.UsageException"/>.</summary>
    public Action<RfmRunOptions, RunSettings> ValidateRfm { get; init; } = RfmExperiment.Validate;

    /// <summary>Runs a recursive feature machine.</summary>
    public Func<RfmRunOptions, RunSettings, TimeProvider, IProgress<RunProgress>?, CancellationToken, Report> Rfm { get; init; } = RfmExperiment.Run;

    /// <summary>Checks the options of recursive feature machines on modular arithmetic before any work; throws <see cref="Experiments.UsageException"/>.</summary>
    public Action<GrokOptions, RunSettings> ValidateGrok { get; init; } = Experiments.Runs.Grok.Validate;

    /// <summary>Runs recursive feature machines on modular arithmetic.</summary>
    public Func<GrokOptions, RunSettings, TimeProvider, IProgress<RunProgress>?, CancellationToken, Report> Grok { get; init; } = Experiments.Runs.Grok.Run;

    /// <summary>Checks the options of an analysis before any work; throws <see cref="Experiments.UsageException"/>.</summary>
    public Action<AnalyzeOptions, RunSettings> ValidateAnalyze { get; init; } = Experiments.Runs.Analyze.Validate;

    /// <summary>Analyses a trained network.</summary>
    public Func<AnalyzeOptions, RunSettings, TimeProvider, IProgress<RunProgress>?, CancellationToken, Report> Analyze { get; init; } = Experiments.Runs.Analyze.Run;

    /// <summary>Checks the options of a compression before any work; throws <see cref="Experiments.UsageException"/>.</summary>
    public Action<CompressOptions, RunSettings> ValidateCompress { get; init; } = Experiments.Runs.Compress.Validate;

    /// <summary>Compresses a trained network.</summary>
    public Func<CompressOptions, RunSettings, TimeProvider, IProgress<RunProgress>?, CancellationToken, Report> Compress { get; init; } = Experiments.Runs.Compress.Run;

    /// <summary>Runs the benchmarks.</summary>
    public Func<BenchOptions, RunSettings, TimeProvider, IProgress<RunProgress>?, CancellationToken, Report> Bench { get; init; } = Experiments.Benchmarks.Bench.Run;
}
