using System.Text.Json;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Reports.Pages;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Training;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Experiments.Runs;

/// <summary>
/// The main job: trains a network to collapse on real data and measures, layer by layer, its weights, features, gradients, Hessians, AGOP and collapse, before training, along it and at its end.
/// </summary>
public static class Study
{
    private const double TrainingShare = 0.3;

    /// <summary>Checks the options without reading data.</summary>
    /// <param name="options">The options.</param>
    /// <param name="settings">Seed, precision, threads.</param>
    /// <exception cref="UsageException">Something is wrong; the message lists everything that is.</exception>
    public static void Validate(StudyOptions options, RunSettings settings)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(settings);
        StudyRecipe.Validate(options, settings);
    }

    /// <summary>Runs a study.</summary>
    /// <param name="options">What to train and measure.</param>
    /// <param name="settings">Seed, precision, threads, kernels, folders.</param>
    /// <param name="time">The clock.</param>
    /// <param name="progress">Told where the run is, or null.</param>
    /// <param name="cancellation">Stops training after the current step and solvers after the current product; what was done is reported as partial.</param>
    /// <returns>The report.</returns>
    /// <exception cref="UsageException">An option is wrong or the data cannot be used; nothing was computed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled while data was being downloaded.</exception>
    /// <exception cref="RunFailedException">Data or kernels do not give the same numbers twice, or training diverged in every attempt.</exception>
    public static Report Run(StudyOptions options, RunSettings settings, TimeProvider time, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(time);
        Validate(options, settings);
        RandomStream random = StudyRecipe.Stream(settings.Seed);
        StudyPlan plan = StudyRecipe.Resolve(options, settings, random, progress, cancellation);
        RunHost host = RunHost.Start(settings);
        Compute compute = host.Compute;
        Dataset train = plan.Data.Train;
        Objective training = Objective.Create(plan.Network, train.AsSource(), plan.Loss, compute, plan.Objective);
        Objective objective = plan.MeasuresSubset ? Objective.Create(plan.Network, plan.Measured.AsSource(), plan.Loss, compute, plan.Objective) : training;
        RequireDeterministic(plan, objective, random);
        StagedProgress stages = new(progress, plan.MeasuredEpochs.Count, TrainingShare);
        IReadOnlyDictionary<string, object?> config = StudyConfig.Describe(plan, settings, compute.Threads);
        StudyCheckpoint? checkpoint = settings.Checkpoint is { } file ? new StudyCheckpoint(file, $"{JsonSerializer.Serialize(config)} {TrainedModel.Digest(train)}") : null;
        TrainedNetwork trained = new StudyTraining(plan, training, random.Split("training"), new RunClock(time), progress is null ? null : stages.Training, checkpoint).Run(cancellation);
        List<TrajectoryPoint> trajectory = [];
        NetworkMeasurement measurement = new(plan.Measurement, objective, compute, random.Split("measurement"), stages.Measuring, cancellation) { Initial = trained.Snapshots[0].Parameters };
        MeasuredSnapshot? previous = null;
        for (int i = 0; i < trained.Snapshots.Count - 1 && !cancellation.IsCancellationRequested; i++)
        {
            stages.NextSnapshot(i);
            MeasuredSnapshot measured = measurement.MeasureShort(trained.Snapshots[i], previous);
            trajectory.Add(measurement.Summarize(measured, previous));
            measured.Linearization.Dispose();
            previous = measured;
        }
        stages.NextSnapshot(trained.Snapshots.Count - 1);
        MeasuredSnapshot final = measurement.MeasureFinal(trained.Snapshots[^1], previous);
        trajectory.Add(measurement.Summarize(final, previous));
        bool partial = cancellation.IsCancellationRequested || trained.Outcome.Status == TrainingStatus.Interrupted;
        StudyResult result = Result(plan, final, trained, trajectory, Test(plan, objective, final), partial);
        if (!partial)
            result = result with { Savings = new RankSavings(plan.Network, final.Snapshot.Parameters, final.Layers, objective, null, cancellation).Measure() };
        if (plan.MeasuresSubset)
            result = result with { Training = Evaluate(training, final) };
        Report report = new()
        {
            Command = "study",
            Version = RunHost.Version,
            Environment = host.Describe(settings),
            Config = config,
            Result = result,
            IsConverged = result.Converged,
            IsPartial = partial,
            Findings = StudyFindings.Describe(plan, result),
            Tables = StudyTables.Build(plan, result),
            Arrays = new Lazy<IReadOnlyList<NamedArray>>(() => NetworkArrays.Collect(plan.Measurement, final, compute)),
            SaveModel = path => TrainedModel.Of(plan, trained, settings).Save(path),
        };
        return report with { Page = new Lazy<ReportPage>(() => StudyPage.Build(plan, result, report, NetworkPictures.Collect(plan.Measurement, final, compute))) };
    }

    /// <summary>Asks before training, from a start like training's own: what does not repeat itself there will not at the end. A loss that is not finite is for training to report.</summary>
    /// <exception cref="RunFailedException">The objective is not a fixed function of its parameters.</exception>
    internal static void RequireDeterministic(StudyPlan plan, Objective objective, RandomStream random)
    {
        double[] start = plan.Network.Initialize(StudyRecipe.Initialization(plan.Options, plan.Options.InitScale), random.Split("probe"));
        DeterminismVerdict verdict = DeterminismProbe.Check(objective, start);
        if (verdict.Cause is not (null or DeterminismCause.NonFiniteLoss))
            throw new RunFailedException(verdict.Message);
    }

    private static StudyResult Result(StudyPlan plan, MeasuredSnapshot final, TrainedNetwork trained, List<TrajectoryPoint> trajectory, TestReport? test, bool partial)
    {
        double[] parameters = final.Snapshot.Parameters;
        double dataLoss = final.Linearization.Value.Loss;
        double decayLoss = plan.Decay.Penalty(parameters);
        double[] stationarity = final.Linearization.Gradient.ToArray();
        plan.Decay.AddGradient(parameters, stationarity);
        return new StudyResult
        {
            Loss = dataLoss + decayLoss,
            DataLoss = dataLoss,
            DecayLoss = decayLoss,
            Accuracy = final.Linearization.Value.Accuracy,
            GradientNorm = NetworkMeasurement.Norm(final.Linearization.Gradient.Span),
            Stationarity = NetworkMeasurement.Norm(stationarity),
            Parameters = plan.Network.ParameterCount,
            Converged = !partial && SpectrumFindings.HaveConverged(final.Spectra.Select(static spectrum => spectrum.Report), final.Parts is { } split ? PapyanReport.Of(split) : null, final.Layers),
            Iterations = trained.Outcome.Steps,
            LogitRank = trained.Rank,
            Attempts = trained.Attempts,
            MeasuredSamples = plan.Measured.SampleCount,
            Papyan = final.Parts is { } parts ? PapyanReport.Of(parts) : null,
            Test = test,
            Layers = final.Layers,
            Output = final.Output,
            Spectra = [.. final.Spectra.Select(static spectrum => spectrum.Report)],
            Trajectory = trajectory,
            Partial = partial,
        };
    }

    private static TestReport? Test(StudyPlan plan, Objective objective, MeasuredSnapshot final) => plan.Data.Test is { } test
        ? Evaluate(Objective.Create(plan.Network, test.AsSource(), plan.Loss, objective.Compute, plan.Objective), final)
        : null;

    private static TestReport Evaluate(Objective objective, MeasuredSnapshot final)
    {
        LossValue value = objective.Evaluate(final.Snapshot.Parameters);
        return new TestReport(value.Loss, value.Accuracy, objective.SampleCount);
    }
}
