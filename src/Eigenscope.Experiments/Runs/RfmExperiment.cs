using Eigenscope.Analysis;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Reports.Pages;
using Eigenscope.Learning.Features;
using Eigenscope.Learning.Kernels;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Experiments.Runs;

/// <summary>A recursive feature machine as a predictor: fitted and tested beside plain kernel ridge regression, its iteration 0, or loaded and tested.</summary>
public static class RfmExperiment
{
    /// <summary>Checks the options without reading data.</summary>
    /// <param name="options">The options.</param>
    /// <param name="settings">Seed, precision, threads.</param>
    /// <exception cref="UsageException">Something is wrong; the message lists everything that is.</exception>
    public static void Validate(RfmRunOptions options, RunSettings settings)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(settings);
        RfmRecipe.Validate(options, settings);
    }

    /// <summary>Fits or loads a machine and tests it.</summary>
    /// <param name="options">Data, kernel, iterations.</param>
    /// <param name="settings">Seed, threads, kernels of linear algebra, folders.</param>
    /// <param name="time">The clock.</param>
    /// <param name="progress">Told where the run is, or null.</param>
    /// <param name="cancellation">Stops between blocks of a matrix; the iterations that were finished are reported as partial.</param>
    /// <returns>The report.</returns>
    /// <exception cref="UsageException">An option is wrong, or the data or the saved machine cannot be used; nothing was computed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before the first machine was fitted.</exception>
    /// <exception cref="RunFailedException">The kernel matrix is not positive definite.</exception>
    public static Report Run(RfmRunOptions options, RunSettings settings, TimeProvider time, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(time);
        Validate(options, settings);
        RandomStream random = new RandomStream(settings.Seed).Split("rfm");
        RunHost host = RunHost.Start(settings);
        SavedMachine? saved = options.Load is { } file ? SavedMachine.Load(file, host.Compute) : null;
        RfmPlan plan = RfmRecipe.Resolve(options, settings, random, progress, cancellation);
        if (saved is not null)
            plan = saved.Fit(plan);
        RfmScoring scoring = new(plan, new RunClock(time), progress is null ? null : progress.Report);
        RfmEnd end = saved is null ? Fit(plan, scoring, host.Compute, random.Split("machine"), cancellation) : Score(saved.Machine, scoring);
        Tensor<double>? agop = Agop(end, cancellation);
        RfmResult result = Describe(plan, end, scoring.Iterations, agop, host.Compute);
        Report report = new()
        {
            Command = "rfm",
            Version = RunHost.Version,
            Environment = host.Describe(settings),
            Config = RfmConfig.Describe(plan, settings, host.Compute.Threads),
            Result = result,
            IsConverged = result.Converged,
            IsPartial = result.Partial,
            Failure = end.Ending is RfmEndingName.NotPositiveDefinite ? end.Message : null,
            Findings = RfmFindings.Describe(plan, result),
            Tables = RfmTables.Build(plan, result),
            Arrays = new Lazy<IReadOnlyList<NamedArray>>(() => Arrays(plan, end.Machine, agop)),
            SaveModel = path => new SavedMachine(end.Machine, plan.Scaling, plan.Classes).Save(path),
        };
        return report with { Page = new Lazy<ReportPage>(() => RfmPage.Build(plan, result, report)) };
    }

    private static RfmEnd Fit(RfmPlan plan, RfmScoring scoring, Compute compute, RandomStream random, CancellationToken cancellation)
    {
        try
        {
            scoring.Announce();
            RfmOutcome outcome = RecursiveFeatureMachine.Fit(plan.Train, plan.Validation, plan.Rfm, compute, random, scoring.Visit, cancellation);
            return new RfmEnd(outcome.Machine, outcome.Best, RfmEndingName.Of(outcome.Ending), outcome.Message);
        }
        catch (LinearAlgebraException failure)
        {
            throw new RunFailedException(failure.Message, failure);
        }
    }

    private static RfmEnd Score(KernelMachine machine, RfmScoring scoring)
    {
        scoring.Visit(machine);
        return new RfmEnd(machine, 0, "loaded", "the machine was loaded and tested");
    }

    private static Tensor<double>? Agop(RfmEnd end, CancellationToken cancellation)
    {
        try
        {
            AgopAccumulator accumulated = end.Machine.Agop(cancellation);
            return accumulated.Mean();
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    private static RfmResult Describe(RfmPlan plan, RfmEnd end, IReadOnlyList<RfmIterationReport> iterations, Tensor<double>? agop, Compute compute)
    {
        double[]? diagonal = agop is null ? null : [.. Enumerable.Range(0, agop.Rows).Select(i => agop[i, i])];
        bool partial = end.Ending is "interrupted" || agop is null;
        return new RfmResult
        {
            Task = plan.Options.Regression ? "regression" : "classification",
            Samples = end.Machine.Points.Rows,
            ValidationSamples = plan.Validation?.Points.Rows ?? 0,
            TestSamples = plan.Test?.Points.Rows ?? 0,
            TestSamplesSeen = plan.Test is { } test ? SeenSamples.Count(test.Points, end.Machine.Points) : 0,
            Dimension = end.Machine.Metric.Dimension,
            Outputs = end.Machine.Coefficients.Columns,
            Iterations = iterations,
            Best = end.Best,
            Ending = end.Ending,
            Message = end.Message,
            Converged = !partial && end.Ending is "finished" or "stopped-early" or "loaded" && iterations.All(static iteration => iteration.Solver.IsConverged),
            MetricFrom = plan.Options.Load is null ? KernelRecipe.DescribeAgop(plan.Options.Machine) : "the metric is that of the file",
            Agop = agop is null
                ? new AgopReport(null, Number.Undefined("the run was interrupted before it"), IsCentred: false)
                : new AgopReport(PositiveSemidefinite.Eigenvalues(agop.AsMatrix(), compute), Number.Of(diagonal!.Sum()), IsCentred: false),
            AgopDiagonal = diagonal,
            Partial = partial,
        };
    }

    private static IReadOnlyList<NamedArray> Arrays(RfmPlan plan, KernelMachine machine, Tensor<double>? agop)
    {
        List<NamedArray> arrays = [Named("metric", machine.Metric.ToMatrix()), Named("points", machine.Points), Named("coefficients", machine.Coefficients)];
        if (agop is not null)
            arrays.Add(Named("agop", agop));
        if (plan.Test is { } test)
        {
            arrays.Add(Named("test/outputs", machine.Predict(test.Points.AsMatrix())));
            arrays.Add(Named("test/targets", test.Targets));
        }
        return arrays;
    }

    private static NamedArray Named(string name, Tensor<double> values) => new(name, values.Storage, values.Shape.ToArray());

    /// <summary>The machine that is reported, and why there is none after it.</summary>
    private sealed record RfmEnd(KernelMachine Machine, int Best, string Ending, string Message);
}
