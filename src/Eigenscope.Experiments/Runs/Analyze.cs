using Eigenscope.Analysis.Doubt;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Reports.Pages;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Experiments.Runs;

/// <summary>Measures a network as somebody trained it: everything that a study measures at its end, on samples exactly as they are given.</summary>
public static class Analyze
{
    /// <summary>Checks the options without reading a file.</summary>
    /// <param name="options">The options.</param>
    /// <param name="settings">Seed, precision, threads.</param>
    /// <exception cref="UsageException">Something is wrong; the message lists everything that is.</exception>
    public static void Validate(AnalyzeOptions options, RunSettings settings)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(settings);
        AnalyzeRecipe.Validate(options, settings);
    }

    /// <summary>Analyses a model.</summary>
    /// <param name="options">Model, data, loss, what is measured.</param>
    /// <param name="settings">Seed, precision, threads, kernels, folders.</param>
    /// <param name="time">The clock.</param>
    /// <param name="progress">Told where the run is, or null.</param>
    /// <param name="cancellation">Stops solvers after the current product; what was done is reported as partial.</param>
    /// <returns>The report.</returns>
    /// <exception cref="UsageException">An option is wrong, model or data cannot be used, or one does not fit the other; nothing was computed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled while data was being downloaded.</exception>
    /// <exception cref="RunFailedException">The network gives no finite loss on the samples, or not the same numbers twice.</exception>
    public static Report Run(AnalyzeOptions options, RunSettings settings, TimeProvider time, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(time);
        Validate(options, settings);
        RandomStream random = new RandomStream(settings.Seed).Split("analyze");
        AnalyzePlan plan = AnalyzeRecipe.Resolve(options, settings, random, progress, cancellation);
        RunHost host = RunHost.Start(settings);
        Objective objective = Objective.Create(plan.Network, plan.Samples.Source, plan.Samples.Loss, host.Compute, plan.Objective);
        RequireFinite(plan, objective);
        Action<RunProgress> announce = progress is null ? static _ => { } : progress.Report;
        MeasuredSnapshot measured = new NetworkMeasurement(plan.Measurement, objective, host.Compute, random.Split("measurement"), announce, cancellation)
            .MeasureFinal(new Snapshot(0, 0, 0.0, plan.Model.State) { Moment = "analysis" });
        AnalyzeResult result = Result(plan, objective, measured, cancellation);
        Report report = new()
        {
            Command = "analyze",
            Version = RunHost.Version,
            Environment = host.Describe(settings),
            Config = AnalyzeConfig.Describe(plan, settings, host.Compute.Threads),
            Result = result,
            IsConverged = result.Converged,
            IsPartial = result.Partial,
            Findings = AnalyzeFindings.Describe(plan, result),
            Tables = AnalyzeTables.Build(plan, result),
            Arrays = new Lazy<IReadOnlyList<NamedArray>>(() => NetworkArrays.Collect(plan.Measurement, measured, host.Compute)),
        };
        return report with { Page = new Lazy<ReportPage>(() => AnalyzePage.Build(plan, result, report, NetworkPictures.Collect(plan.Measurement, measured, host.Compute))) };
    }

    private static void RequireFinite(AnalyzePlan plan, Objective objective)
    {
        if (!double.IsFinite(objective.Evaluate(plan.Model.State).Loss))
            throw new RunFailedException($"{plan.Path}: the loss on these samples is not finite: the network overflows on them, as it does on inputs scaled otherwise than those it was trained on");
        DeterminismVerdict verdict = DeterminismProbe.Check(objective, plan.Model.State);
        if (!verdict.IsDeterministic)
            throw new RunFailedException(verdict.Message);
    }

    private static AnalyzeResult Result(AnalyzePlan plan, Objective objective, MeasuredSnapshot measured, CancellationToken cancellation)
    {
        AnalyzeMeasurement more = new(plan, objective, measured, cancellation);
        LossValue value = measured.Linearization.Value;
        double decay = plan.Decay.Penalty(plan.Model.State);
        double[] stationarity = measured.Linearization.Gradient.ToArray();
        plan.Decay.AddGradient(plan.Model.State, stationarity);
        PapyanReport? parts = measured.Parts is { } split ? PapyanReport.Of(split) : null;
        DescentReport descent = more.Descent(stationarity, value.Loss + decay);
        SavingsReport savings = more.Savings();
        bool partial = cancellation.IsCancellationRequested;
        return new AnalyzeResult
        {
            Loss = value.Loss + decay,
            DataLoss = value.Loss,
            DecayLoss = decay,
            Accuracy = more.Accuracy(value),
            AccuracyInterval = plan.Samples.IsRegression ? null : Interval(value.Accuracy, plan.Samples.Count),
            GradientNorm = NetworkMeasurement.Norm(measured.Linearization.Gradient.Span),
            Stationarity = NetworkMeasurement.Norm(stationarity),
            Descent = descent,
            Parameters = plan.Network.ParameterCount,
            Converged = !partial && SpectrumFindings.HaveConverged(measured.Spectra.Select(static spectrum => spectrum.Report), parts, measured.Layers),
            MeasuredSamples = plan.Samples.Count,
            Classes = plan.Classes,
            Model = new ModelReport(plan.Model.Format, plan.Model.SampleShape, plan.Network.OutputSize, plan.Samples.IsTrainingData),
            Sharpness = more.Sharpness(),
            Savings = savings,
            Papyan = parts,
            Test = plan.Samples.Test is { } test ? Evaluate(plan, test, more, objective.Compute) : null,
            Layers = measured.Layers,
            Output = measured.Output,
            Spectra = [.. measured.Spectra.Select(static spectrum => spectrum.Report)],
            Notes = [.. plan.Model.Notes, .. plan.Samples.Notes],
            Partial = partial,
        };
    }

    private static AccuracyIntervalReport Interval(double accuracy, int samples)
    {
        BinomialInterval wilson = BinomialInterval.Wilson((int)Math.Round(accuracy * samples), samples);
        return new AccuracyIntervalReport(wilson.Low, wilson.High, wilson.StandardError);
    }

    private static LossReport Evaluate(AnalyzePlan plan, AnalyzeSamples samples, AnalyzeMeasurement more, Compute compute)
    {
        LossValue value = Objective.Create(plan.Network, samples.Source, samples.Loss, compute, plan.Objective).Evaluate(plan.Model.State);
        return new LossReport(value.Loss, more.Accuracy(value), samples.Count);
    }
}
