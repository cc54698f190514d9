using System.Globalization;
using Eigenscope.Analysis;
using Eigenscope.Analysis.Spectra;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Training;
using Eigenscope.Numerics.Estimators;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Theory.ClassMeans;

namespace Eigenscope.Experiments.Runs;

/// <summary>Everything measured at one snapshot.</summary>
internal sealed record MeasuredSnapshot(
    Snapshot Snapshot,
    Linearization Linearization,
    IReadOnlyList<LayerReport> Layers,
    OutputReport Output,
    IReadOnlyList<MeasuredSpectrum> Spectra,
    IReadOnlyList<LayerHessianPrediction> Predictions,
    PapyanSplit? Parts = null);

/// <summary>Measures snapshots of training: every layer, every layer's Hessian, and the full one.</summary>
internal sealed class NetworkMeasurement(MeasurementPlan plan, Objective objective, Compute compute, RandomStream random, Action<RunProgress> progress, CancellationToken cancellation)
{
    /// <summary>Relative residual asked of eigenpairs along training: their lists are for seeing, the final ones for citing.</summary>
    private const double TrajectoryTolerance = 1e-6;
    private const string Hessian = OperatorNames.Hessian;
    private const string AllParameters = "all";

    /// <summary>Parameters before training, from which weights have changed; null where nobody knows them.</summary>
    public double[]? Initial { get; init; }

    /// <summary>The final measurement: to the tolerance asked for, with every operator, and with the parts of the Gauss–Newton matrix.</summary>
    /// <param name="snapshot">What to measure.</param>
    /// <param name="previous">The measurement before, whose eigenvectors the solves start from; or null.</param>
    public MeasuredSnapshot MeasureFinal(Snapshot snapshot, MeasuredSnapshot? previous = null)
    {
        (Linearization linearization, LayerMeasurement layers) = Begin(snapshot, "final");
        EigenOptions options = new() { Top = plan.Pairs, BlockSize = plan.BlockSize, DenseLimit = plan.DenseLimit, Tolerance = plan.Tolerance };
        // What is asked of one layer is asked in a row: its logit Jacobians are kept until the next layer's turn.
        List<MeasuredSpectrum> spectra = MeasureLayerHessians(snapshot, linearization, options, previous, wantsTraces: true, spectrum => WithDoubt(linearization, WithOrigins(linearization, spectrum)));
        foreach (string scope in plan.Scopes.Prepend(AllParameters))
        {
            foreach (string name in plan.OperatorsOn(scope))
                AddUnlessCancelled(spectra, () => MeasureOperator(snapshot, linearization, name, scope, spectra, options, previous));
        }
        bool isComplete = !cancellation.IsCancellationRequested;
        IReadOnlyDictionary<string, PapyanSplit>? parts = isComplete && plan.HasParts ? MeasureParts(linearization) : null;
        return Finish(snapshot, linearization, layers, spectra, isComplete, parts) with { Parts = parts?[AllParameters] };
    }

    /// <summary>A measurement along training.</summary>
    /// <param name="snapshot">What to measure.</param>
    /// <param name="previous">The measurement before, whose eigenvectors the solves start from; or null.</param>
    public MeasuredSnapshot MeasureShort(Snapshot snapshot, MeasuredSnapshot? previous = null)
    {
        (Linearization linearization, LayerMeasurement layers) = Begin(snapshot, string.Create(CultureInfo.InvariantCulture, $"epoch {snapshot.Epoch}"));
        EigenOptions options = new() { Top = plan.PairsAlongTraining, BlockSize = plan.BlockSize, DenseLimit = plan.DenseLimit, Tolerance = Math.Max(TrajectoryTolerance, plan.Tolerance) };
        List<MeasuredSpectrum> spectra = plan.HasCostlyProducts ? [] : MeasureLayerHessians(snapshot, linearization, options, previous, wantsTraces: false, static spectrum => spectrum);
        if (plan.HasSpectra)
            AddUnlessCancelled(spectra, () => Solve(snapshot, OperatorNames.Hessian, AllParameters, Operator(linearization, OperatorNames.Hessian, AllParameters), options, previous, wantsTrace: false));
        return Finish(snapshot, linearization, layers, spectra, isComplete: false, parts: null);
    }

    public TrajectoryPoint Summarize(MeasuredSnapshot measured, MeasuredSnapshot? previous)
    {
        double dataLoss = measured.Linearization.Value.Loss;
        return new TrajectoryPoint(
            measured.Snapshot.Epoch,
            measured.Snapshot.Step,
            measured.Snapshot.Seconds,
            dataLoss + plan.Decay.Penalty(measured.Snapshot.Parameters),
            dataLoss,
            measured.Linearization.Value.Accuracy,
            Norm(measured.Linearization.Gradient.Span),
            [.. measured.Layers.Select(static layer => layer.WithoutLists())],
            [.. measured.Spectra.Where(static spectrum => spectrum.Report.Operator == Hessian).Select(spectrum => Shorten(spectrum, measured, previous))]);
    }

    public static double Norm(ReadOnlySpan<double> vector) => Math.Sqrt(System.Numerics.Tensors.TensorPrimitives.SumOfSquares(vector));

    private (Linearization Linearization, LayerMeasurement Layers) Begin(Snapshot snapshot, string what)
    {
        progress(new RunProgress("measuring", 0.0, $"{what}: layers"));
        DeterminismProbe.Require(objective, snapshot.Parameters);
        Linearization linearization = objective.Linearize(snapshot.Parameters);
        return (linearization, new LayerMeasurement(plan, compute, random.Split("layers"), linearization, snapshot.Parameters, progress, cancellation) { Initial = Initial });
    }

    private MeasuredSnapshot Finish(Snapshot snapshot, Linearization linearization, LayerMeasurement layers, List<MeasuredSpectrum> spectra, bool isComplete, IReadOnlyDictionary<string, PapyanSplit>? parts)
    {
        IReadOnlyList<LayerReport> reports = WithAlignment(layers.MeasureLayers(isComplete, parts), linearization, spectra);
        // Without a layer's spectrum there is nothing to compare its prediction with.
        IEnumerable<int> predicted = Enumerable.Range(0, plan.Network.WeightLayers.Count).Where(l => spectra.Exists(spectrum => spectrum.Report.Scope == plan.Network.WeightLayers[l].Weight.Name));
        LayerHessianPrediction[] predictions = [.. predicted.Where(l => layers.ClassMeans(l) is not null).Select(l => Predict(plan.Network.WeightLayers[l], layers.ClassMeans(l)!))];
        return new MeasuredSnapshot(snapshot, linearization, reports, layers.MeasureOutput(isComplete), [.. spectra.Select(spectrum => WithPrediction(spectrum, predictions))], predictions);
    }

    private LayerHessianPrediction Predict(BilinearLayer layer, LayerClassMeans means)
    {
        string scope = layer.Weight.Name;
        // Where K² pairs are too many to measure, the top-K eigenspaces are what is compared.
        int pairs = (long)plan.Classes * plan.Classes < plan.Pairs ? plan.Pairs : Math.Min(plan.Pairs, 2 * plan.Classes);
        RandomStream start = random.Split($"prediction {scope}");
        ClassMeanHessian hessian = layer is DenseLayer { Positions: 1 }
            ? ClassMeanHessian.Predict(new ClassMeanLayer(means.Shares, means.Features, means.Jacobians, means.LossHessians), pairs, compute, start, cancellation)
            : ClassMeanHessian.Predict(new ClassMeanRows(means.Shares, means.WeightRows(layer, compute), means.LossHessians), pairs, compute, start, cancellation);
        return new LayerHessianPrediction(scope, hessian, means.GaussNewtonTrace, means.GaussNewtonTraceStandardError);
    }

    private MeasuredSpectrum WithPrediction(MeasuredSpectrum spectrum, LayerHessianPrediction[] predictions)
    {
        // What is predicted is the Gauss–Newton matrix of the data loss.
        bool hasPrediction = spectrum.Report.Operator is OperatorNames.Hessian or OperatorNames.GaussNewton or OperatorNames.Fisher && !plan.IncludesWeightDecay;
        LayerHessianPrediction? prediction = hasPrediction ? Array.Find(predictions, candidate => string.Equals(candidate.Scope, spectrum.Report.Scope, StringComparison.Ordinal)) : null;
        return prediction is null ? spectrum : spectrum with { Report = spectrum.Report with { Predicted = new SpectrumPrediction(prediction, plan.Classes, compute).Compare(spectrum) } };
    }

    private List<MeasuredSpectrum> MeasureLayerHessians(Snapshot snapshot, Linearization linearization, EigenOptions options, MeasuredSnapshot? previous, bool wantsTraces, Func<MeasuredSpectrum, MeasuredSpectrum> complete)
    {
        List<MeasuredSpectrum> spectra = [];
        foreach (BilinearLayer layer in plan.LayerHessians ? plan.Network.WeightLayers : [])
            AddUnlessCancelled(spectra, () => complete(Solve(snapshot, Hessian, layer.Weight.Name, Operator(linearization, Hessian, layer.Weight.Name), options, previous, wantsTraces)));
        return spectra;
    }

    private MeasuredSpectrum MeasureOperator(Snapshot snapshot, Linearization linearization, string name, string scope, List<MeasuredSpectrum> done, EigenOptions options, MeasuredSnapshot? previous)
    {
        bool isAll = string.Equals(scope, AllParameters, StringComparison.Ordinal);
        // The expected Fisher matrix is the Gauss–Newton matrix for both losses: what is computed already is not computed again.
        if (name is OperatorNames.Fisher && done.Find(spectrum => spectrum.Report.Operator is OperatorNames.GaussNewton && string.Equals(spectrum.Report.Scope, scope, StringComparison.Ordinal)) is { } same)
            return same with { Report = same.Report with { Operator = name, SameAs = OperatorNames.GaussNewton } };
        LinearOperator operand = Operator(linearization, name, scope);
        MeasuredSpectrum spectrum = Solve(snapshot, name, scope, operand, name is Hessian && isAll ? options with { Bottom = plan.Bottom } : options, previous);
        bool hasDensity = plan.Density && isAll && !cancellation.IsCancellationRequested && spectrum.Pairs.Convergence.Status != ConvergenceStatus.NonFinite;
        return WithDoubt(linearization, WithOrigins(linearization, hasDensity ? WithDensity(snapshot, spectrum, operand) : spectrum));
    }

    private LinearOperator Operator(Linearization linearization, string name, string scope)
    {
        LinearOperator operand = name switch
        {
            OperatorNames.Hessian => linearization.Hessian(scope),
            OperatorNames.GaussNewton or OperatorNames.Fisher => linearization.GaussNewton(scope),
            OperatorNames.EmpiricalFisher => linearization.EmpiricalFisher(scope),
            OperatorNames.GradientCovariance => linearization.GradientCovariance(scope),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "unknown operator"),
        };
        return plan.IncludesWeightDecay ? operand.WithWeightDecay(plan.Decay, scope) : operand;
    }

    private MeasuredSpectrum WithDensity(Snapshot snapshot, MeasuredSpectrum spectrum, LinearOperator operand)
    {
        SpectralDensityOptions options = new() { Known = spectrum.Pairs };
        int products = options.Probes * options.Steps;
        InlineProgress<int> report = new(done => progress(new RunProgress(
            "measuring", Math.Min(1.0, (double)done / products), string.Create(CultureInfo.InvariantCulture, $"{snapshot.Moment}: density of {spectrum.Report.Operator} · {done}/{products} products"))));
        try
        {
            SpectralDensity density = SpectralDensityEstimator.Estimate(operand, options, compute, random.Split($"density {spectrum.Report.Operator}"), report, cancellation);
            return spectrum with { Report = spectrum.Report with { Density = DensityReport.Of(density) } };
        }
        catch (OperationCanceledException)
        {
            // The eigenpairs are there; an interrupted run reports what it has.
            return spectrum;
        }
    }

    // The parts of the whole network's matrix and of every layer's, by scope. They need the class means of all samples' gradients: at the end only.
    private Dictionary<string, PapyanSplit> MeasureParts(Linearization linearization)
    {
        progress(new RunProgress("measuring", 1.0, "final: parts of the Gauss–Newton matrix"));
        string[] scopes = [AllParameters, .. plan.Network.WeightLayers.Select(static layer => layer.Weight.Name)];
        IReadOnlyList<PapyanSplit> parts = PapyanSplit.MeasureEach(linearization, scopes, plan.Labels, plan.Classes, plan.Parts, compute, random.Split("parts"), cancellation);
        return scopes.Zip(parts).ToDictionary(static pair => pair.First, static pair => pair.Second, StringComparer.Ordinal);
    }

    private MeasuredSpectrum WithDoubt(Linearization linearization, MeasuredSpectrum spectrum) => new SubsetDoubt(plan, compute, random, cancellation).With(linearization, spectrum);

    private MeasuredSpectrum WithOrigins(Linearization linearization, MeasuredSpectrum spectrum)
    {
        bool hasParts = spectrum.Report.Operator is OperatorNames.Hessian or OperatorNames.GaussNewton or OperatorNames.Fisher;
        if (!hasParts || plan.NoClasses is not null || plan.IncludesWeightDecay || spectrum.Pairs.Vectors is null || cancellation.IsCancellationRequested)
            return spectrum;
        IReadOnlyList<OutlierOrigin> origins = OutlierOrigin.Measure(linearization, spectrum.Report.Scope, plan.Labels, plan.Classes, spectrum.Pairs, plan.Classes * plan.Classes, cancellation);
        return spectrum with { Report = spectrum.Report with { Origins = OriginReport.Of(origins, plan.Classes) } };
    }

    // An operator is not even built once the run is to stop: its factors can take longer than what was asked to stop.
    private void AddUnlessCancelled(List<MeasuredSpectrum> spectra, Func<MeasuredSpectrum> solve)
    {
        if (!cancellation.IsCancellationRequested)
            spectra.Add(solve());
    }

    // Along training nothing is said of traces.
    private MeasuredSpectrum Solve(Snapshot snapshot, string name, string scope, LinearOperator operand, EigenOptions options, MeasuredSnapshot? previous, bool wantsTrace = true)
    {
        SpectrumMeasurement measurement = new(compute, random.Split("spectra"), objective.SampleCount, plan.IncludesWeightDecay, cancellation);
        InlineProgress<EigenProgress> report = new(step => progress(new RunProgress(
            "measuring", Math.Min(1.0, step.Converged / (double)Math.Max(1, step.Wanted)), string.Create(CultureInfo.InvariantCulture, $"{snapshot.Moment}: {name} {scope} · {step.Converged}/{step.Wanted} pairs · {step.Applications} products"))));
        return measurement.Measure(name, scope, operand, options with { Start = Find(previous, name, scope)?.Pairs }, report, wantsTrace);
    }

    private static MeasuredSpectrum? Find(MeasuredSnapshot? snapshot, string name, string scope) =>
        snapshot?.Spectra.FirstOrDefault(other => string.Equals(other.Report.Operator, name, StringComparison.Ordinal) && string.Equals(other.Report.Scope, scope, StringComparison.Ordinal));

    private List<LayerReport> WithAlignment(IReadOnlyList<LayerReport> layers, Linearization linearization, List<MeasuredSpectrum> spectra)
    {
        List<LayerReport> aligned = [];
        foreach (LayerReport layer in layers)
        {
            if (spectra.Find(candidate => candidate.Report.Operator == Hessian && candidate.Report.Scope == layer.Weight.Parameter) is not { } spectrum)
            {
                aligned.Add(layer);
                continue;
            }
            (GradientAlignment k, GradientAlignment k2) = Align(linearization, spectrum);
            GradientReport gradient = layer.Gradient with { AlignmentTopK = k.Value, AlignmentTopKUsed = k.Used, AlignmentTopK2 = k2.Value, AlignmentTopK2Used = k2.Used };
            aligned.Add(layer with { Gradient = gradient });
        }
        return aligned;
    }

    private (GradientAlignment TopK, GradientAlignment TopK2) Align(Linearization linearization, MeasuredSpectrum spectrum)
    {
        int classes = plan.Classes;
        if (spectrum.Pairs.Values.Count == 0 || spectrum.Pairs.Vectors is null)
        {
            Number missing = Number.Undefined($"no eigenpairs: {spectrum.Report.Status}");
            return (new GradientAlignment(missing, classes, null), new GradientAlignment(missing, classes * classes, null));
        }
        return (GradientAlignment.Measure(linearization, spectrum.Report.Scope, spectrum.Pairs, classes), GradientAlignment.Measure(linearization, spectrum.Report.Scope, spectrum.Pairs, classes * classes));
    }

    private TrajectorySpectrum Shorten(MeasuredSpectrum spectrum, MeasuredSnapshot measured, MeasuredSnapshot? previous)
    {
        int classes = plan.Classes;
        (GradientAlignment k, GradientAlignment k2) = Align(measured.Linearization, spectrum);
        EigenspaceOverlap overlap = Overlap(spectrum, Find(previous, spectrum.Report.Operator, spectrum.Report.Scope));
        PredictionReport? predicted = spectrum.Report.PredictedFromClassMeans ?? spectrum.Report.Predicted;
        return new TrajectorySpectrum(
            spectrum.Report.Operator,
            spectrum.Report.Scope,
            [.. spectrum.Report.Eigenvalues.Take(classes * classes)],
            spectrum.Report.Status,
            k.Value,
            k.Used,
            k2.Value,
            k2.Used,
            overlap.Value,
            predicted?.SubspaceOverlap ?? Number.Undefined("class means predict the Hessian of a layer's weight only"),
            predicted?.SubspaceOverlapUsed,
            overlap.Used);
    }

    private EigenspaceOverlap Overlap(MeasuredSpectrum now, MeasuredSpectrum? before)
    {
        if (before is null)
            return Missing("there is no point before");
        if (now.Pairs.Vectors is null || before.Pairs.Vectors is null)
            return Missing("no eigenvectors were found");
        return EigenspaceOverlap.Between(now.Pairs, before.Pairs, plan.Classes, compute);

        EigenspaceOverlap Missing(string reason) => new(Number.Undefined(reason), plan.Classes, null);
    }

    /// <summary>Reports on the calling thread, so that the order of lines is the order of work.</summary>
    private sealed class InlineProgress<T>(Action<T> report) : IProgress<T>
    {
        public void Report(T value) => report(value);
    }
}
