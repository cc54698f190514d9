using Eigenscope.Analysis.Ranks;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Reports.Pages;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Experiments.Runs;

/// <summary>
/// The deep unconstrained feature model: features and weights are minimised together, and everything measured at the end stands beside the closed form of arXiv 2404.06106.
/// </summary>
public static class Ufm
{
    private const double TrainingShare = 0.5;

    /// <summary>Checks the options.</summary>
    /// <param name="options">The options.</param>
    /// <param name="settings">Seed, precision, threads.</param>
    /// <exception cref="UsageException">Something is wrong; the message lists everything that is.</exception>
    public static void Validate(UfmOptions options, RunSettings settings)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(settings);
        UfmRecipe.Validate(options, settings);
    }

    /// <summary>Runs the model.</summary>
    /// <param name="options">The model, how it starts and how it is minimised.</param>
    /// <param name="settings">Seed, precision, threads, kernels.</param>
    /// <param name="time">The clock.</param>
    /// <param name="progress">Told where the run is, or null.</param>
    /// <param name="cancellation">Stops the optimiser after the current step and solvers after the current product; what was done is reported as partial.</param>
    /// <returns>The report.</returns>
    /// <exception cref="UsageException">An option is wrong; nothing was computed.</exception>
    /// <exception cref="RunFailedException">The objective became infinite in every attempt.</exception>
    public static Report Run(UfmOptions options, RunSettings settings, TimeProvider time, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(time);
        Validate(options, settings);
        RandomStream random = new RandomStream(settings.Seed).Split("ufm");
        UfmPlan plan = UfmRecipe.Resolve(options, settings);
        RunHost host = RunHost.Start(settings);
        Objective joint = Objective.Create(plan.Joint, FeatureTableLayer.Indices(plan.Samples), plan.Labels, plan.Loss, host.Compute, new ObjectiveOptions { Precision = plan.Precision });
        Action<RunProgress>? training = progress is null ? null : new StagedProgress(progress, 1, TrainingShare).Training;
        TrainedUfm trained = new UfmTraining(plan, joint, random.Split("training"), new RunClock(time), training).Run(cancellation);
        StagedProgress stages = new(progress, trained.Snapshots.Count, TrainingShare);
        UfmMeasurement measurement = new(plan, joint, random.Split("measurement"), stages.Measuring, cancellation) { Initial = trained.Snapshots[0].Parameters };
        List<TrajectoryPoint> trajectory = [];
        MeasuredPoint? previous = null;
        for (int i = 0; i < trained.Snapshots.Count - 1 && !cancellation.IsCancellationRequested; i++)
        {
            stages.NextSnapshot(i);
            MeasuredPoint measured = measurement.MeasureShort(trained.Snapshots[i]);
            trajectory.Add(measurement.Summarize(measured, previous));
            measured.Weights.Linearization.Dispose();
            previous = measured;
        }
        Snapshot end = trained.Snapshots[^1];
        stages.NextSnapshot(trained.Snapshots.Count - 1);
        MeasuredUfm final = measurement.MeasureFinal(end);
        trajectory.Add(measurement.Summarize(final.Point, previous));
        bool partial = cancellation.IsCancellationRequested;
        UfmResult result = Describe(plan, joint, trained, end, final, trajectory, partial);
        final.Joint.Dispose();
        Report report = new()
        {
            Command = "ufm",
            Version = RunHost.Version,
            Environment = host.Describe(settings),
            Config = UfmConfig.Describe(plan, settings, host.Compute.Threads),
            Result = result,
            IsConverged = result.Converged,
            IsPartial = partial,
            Findings = UfmFindings.Describe(plan, result),
            Tables = UfmTables.Build(plan, result),
            Arrays = new Lazy<IReadOnlyList<NamedArray>>(() => UfmArrays.Collect(plan, final, end, host.Compute)),
        };
        return report with { Page = new Lazy<ReportPage>(() => UfmPage.Build(plan, result, report, NetworkPictures.Collect(plan.Measurement, final.Point.Weights, host.Compute))) };
    }

    /// <summary>The result of a measured point; the closed form enters by the setting alone.</summary>
    internal static UfmResult Describe(UfmPlan plan, Objective joint, TrainedUfm trained, Snapshot end, MeasuredUfm final, IReadOnlyList<TrajectoryPoint> trajectory, bool partial)
    {
        (FlowReport? Report, string? Reason) flow = new UfmFlow(plan, new UfmSolutions(plan, joint)).Compare(trained);
        double dataLoss = final.Joint.Value.Loss;
        double decayLoss = plan.Decay.Penalty(end.Parameters);
        double[] stationarity = final.Joint.Gradient.ToArray();
        plan.Decay.AddGradient(end.Parameters, stationarity);
        UfmAttemptReport reached = trained.Reported;
        UfmPredictions predictions = new(plan, reached);
        IEnumerable<MeasuredSpectrum> measured = final.Point.Weights.Spectra.Concat(final.Objective);
        IReadOnlyList<SpectrumReport> spectra = predictions.Attach(measured.Select(static spectrum => spectrum.Report));
        double[] logits = SingularValues.Of(new UfmSolutions(plan, joint).ClassMeanLogits(end.Parameters).AsMatrix(), joint.Compute);
        return new UfmResult
        {
            Loss = dataLoss + decayLoss,
            DataLoss = dataLoss,
            DecayLoss = decayLoss,
            Accuracy = final.Joint.Value.Accuracy,
            GradientNorm = NetworkMeasurement.Norm(final.Joint.Gradient.Span),
            Stationarity = NetworkMeasurement.Norm(stationarity),
            Parameters = plan.Joint.ParameterCount,
            Converged = !partial && reached.Status is "converged" && SpectrumFindings.HaveConverged(spectra, null, final.Point.Weights.Layers),
            Status = reached.Status,
            Iterations = reached.Iterations,
            Attempts = trained.Attempts,
            Ranks = Count(trained.Attempts),
            Flow = flow.Report,
            FlowReason = flow.Reason,
            Endings = UfmEndings.Count(trained.Attempts, plan.Options.Starts),
            Nullity = UfmNullity.Count(plan, reached, spectra),
            Layers = final.Point.Weights.Layers,
            Structure = final.Point.Structure,
            Output = final.Point.Weights.Output,
            Spectra = spectra,
            Theory = plan.Optimum is { } optimum ? new UfmTheory(plan, optimum, predictions.IsComparable(optimum)).Describe(reached, dataLoss + decayLoss, final.Point.Weights.Layers, spectra, logits) : null,
            TheoryReason = plan.NoOptimum,
            Trajectory = trajectory,
            Partial = partial,
        };
    }

    private static IReadOnlyList<RankCount> Count(IReadOnlyList<UfmAttemptReport> attempts) =>
    [
        .. attempts.Where(static attempt => attempt.Loss.IsDefined)
            .GroupBy(static attempt => attempt.Rank)
            .OrderByDescending(static group => group.Key)
            .Select(static group => new RankCount(group.Key, group.Count(), group.Min(static attempt => attempt.Loss.Value!.Value))),
    ];
}
