using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Reports.Pages;
using Eigenscope.Learning.Kernels;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Experiments.Runs;

/// <summary>
/// Deep RFM (arXiv 2402.13728): layer after layer a kernel machine, the root of its average gradient outer product, and random features; no gradient descent anywhere. Collapse is measured before and after each step, so that what
/// does it can be told.
/// </summary>
public static class DeepRfmExperiment
{
    /// <summary>Checks the options without reading data.</summary>
    /// <param name="options">The options.</param>
    /// <param name="settings">Seed, precision, threads.</param>
    /// <exception cref="UsageException">Something is wrong; the message lists everything that is.</exception>
    public static void Validate(DeepRfmRunOptions options, RunSettings settings)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(settings);
        DeepRfmRecipe.Validate(options, settings);
    }

    /// <summary>Builds and measures the layers.</summary>
    /// <param name="options">Data, layers, kernel.</param>
    /// <param name="settings">Seed, threads, kernels of linear algebra, folders.</param>
    /// <param name="time">The clock.</param>
    /// <param name="progress">Told where the run is, or null.</param>
    /// <param name="cancellation">Stops between blocks of a matrix; the layers that were finished are reported as partial.</param>
    /// <returns>The report.</returns>
    /// <exception cref="UsageException">An option is wrong or the data cannot be used; nothing was computed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled while data was being downloaded.</exception>
    /// <exception cref="RunFailedException">The first layer's kernel matrix is not positive definite, or its predictor is constant.</exception>
    public static Report Run(DeepRfmRunOptions options, RunSettings settings, TimeProvider time, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(time);
        Validate(options, settings);
        RandomStream random = new RandomStream(settings.Seed).Split("deep-rfm");
        DeepRfmPlan plan = DeepRfmRecipe.Resolve(options, settings, random, progress, cancellation);
        RunHost host = RunHost.Start(settings);
        DeepRfmMeasurement measurement = new(plan, host.Compute, new RunClock(time), progress is null ? null : progress.Report);
        measurement.Announce();
        (DeepRfmModel? model, string? failure) = Fit(plan, measurement, host.Compute, random.Split("layers"), cancellation);
        if (failure is not null && measurement.Layers.Count == 0)
            throw new RunFailedException(failure);
        bool partial = model is null && failure is null;
        DeepRfmResult result = new()
        {
            Samples = plan.Inputs.Rows,
            TestSamples = plan.TestInputs?.Rows ?? 0,
            Converged = model is not null && measurement.Layers.All(static layer => layer.Solver.IsConverged),
            MetricFrom = KernelRecipe.DescribeAgop(options.Machine),
            Layers = measurement.Layers,
            Partial = partial,
        };
        Report report = new()
        {
            Command = "deep-rfm",
            Version = RunHost.Version,
            Environment = host.Describe(settings),
            Config = DeepRfmConfig.Describe(plan, settings, host.Compute.Threads),
            Result = result,
            IsConverged = result.Converged,
            IsPartial = partial,
            Failure = failure,
            Findings = DeepRfmFindings.Describe(plan, result, measurement.Arrays.FirstLeftOut),
            Tables = DeepRfmTables.Build(plan, result),
            Arrays = new Lazy<IReadOnlyList<NamedArray>>(() => measurement.Arrays.All),
            SaveModel = model is null ? null : path => DeepRfmCheckpoint.Save(path, plan, model, host.Compute),
        };
        return report with { Page = new Lazy<ReportPage>(() => DeepRfmPage.Build(plan, result, report, measurement.Pictures)) };
    }

    // No model and no failure: it was cancelled.
    private static (DeepRfmModel? Model, string? Failure) Fit(DeepRfmPlan plan, DeepRfmMeasurement measurement, Compute compute, RandomStream random, CancellationToken cancellation)
    {
        try
        {
            return (DeepRfm.Fit(plan.Inputs, plan.Targets, plan.TestInputs, plan.DeepRfm, compute, random, measurement.Visit, cancellation), null);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return (null, null);
        }
        catch (Exception failure) when (failure is LinearAlgebraException or ArgumentException)
        {
            // The data was checked: what is left is a matrix that is not positive definite, or a predictor whose gradient vanishes, as that of constant samples.
            return (null, $"layer {Format.Text(measurement.Layers.Count + 1)}: {failure.Message.Split(" (Parameter", 2)[0]}");
        }
    }
}
