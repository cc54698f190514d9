using Eigenscope.Analysis;
using Eigenscope.Analysis.Collapse;
using Eigenscope.Analysis.Doubt;
using Eigenscope.Analysis.Features;
using Eigenscope.Analysis.Ranks;
using Eigenscope.Analysis.Spectra;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Features;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Estimators;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Experiments.Runs;

/// <summary>Measures every layer of a linearised network: features, weight, gradient, errors, AGOP and the shares of collapse. Spectra of Hessians are measured elsewhere.</summary>
internal sealed class LayerMeasurement
{
    private static readonly Number OfDenseLayers = Number.Undefined("defined for dense layers only");
    private static readonly Number OfOnePosition = Number.Undefined("defined for dense layers that act once on a sample");
    private readonly MeasurementPlan _plan;
    private readonly Compute _compute;
    private readonly RandomStream _random;
    private readonly Linearization _linearization;
    private readonly double[] _parameters;
    private readonly int[] _labels;
    private readonly int[] _predictions;
    private readonly Tensor<double> _logits;
    private readonly IReadOnlyList<BilinearLayer> _layers;
    private readonly LayerAgops _agops;
    private readonly Dictionary<int, LayerClassMeans> _streamed = [];

    public LayerMeasurement(MeasurementPlan plan, Compute compute, RandomStream random, Linearization linearization, double[] parameters, Action<RunProgress>? progress = null, CancellationToken cancellation = default)
    {
        _plan = plan;
        _compute = compute;
        _random = random;
        _linearization = linearization;
        _parameters = parameters;
        _labels = plan.Labels;
        _layers = plan.Network.WeightLayers;
        _agops = new LayerAgops(plan, compute, random, linearization, parameters, progress ?? (static _ => { }), cancellation);
        _logits = linearization.Logits();
        _predictions = [.. Enumerable.Range(0, _logits.Rows).Select(i => System.Numerics.Tensors.TensorPrimitives.IndexOfMax<double>(_logits.Row(i)))];
    }

    /// <summary>Parameters before training, from which weights have changed; null where nobody knows them.</summary>
    public double[]? Initial { get; init; }

    private int Classes => _plan.Classes;

    /// <summary>Measures the logits.</summary>
    /// <param name="complete">Whether with what is reported at the end only.</param>
    public OutputReport MeasureOutput(bool complete)
    {
        ResampledEstimate? doubt = complete ? Doubt(_logits, "logits") : null;
        CollapseMetrics? collapse = _plan.NoClasses is null ? CollapseMetrics.Measure(_logits.AsMatrix(), _labels, Classes, _compute, new CollapseContext { Predictions = _predictions }) : null;
        return new(_logits.Columns, Report(collapse), doubt?.StandardError, doubt?.Bias);
    }

    private CollapseReport Report(CollapseMetrics? collapse) => collapse is null ? CollapseReport.Undefined(_plan.NoClasses!) : new CollapseReport(collapse);

    private ResampledEstimate? Doubt(Tensor<double> features, string name) => SubsetDoubt.OfNc1(_plan, features.AsMatrix(), _compute, _random.Split($"bootstrap {name}"));

    /// <summary>
    /// Measures all layers, last first, with the features of one layer in memory at a time; the gradient's alignment is filled in by whoever has the eigenpairs.
    /// </summary>
    /// <param name="complete">Whether what is reported at the end only is measured too: spectra of features and errors, and predictions of weight, features, gradient and errors.</param>
    /// <param name="parts">The parts of the Gauss–Newton matrix of each layer's weight, by its name; null along training, and where no spectra are measured.</param>
    public IReadOnlyList<LayerReport> MeasureLayers(bool complete = false, IReadOnlyDictionary<string, PapyanSplit>? parts = null)
    {
        if (parts is not null)
            MeasureStreamed(parts);
        LayerReport[] reports = new LayerReport[_layers.Count];
        CollapseMetrics? next = null;
        for (int l = _layers.Count - 1; l >= 0; l--)
        {
            Tensor<double> features = _linearization.LayerInput(l);
            CollapseMetrics? collapse = _plan.NoClasses is null ? MeasureCollapse(l, features) : null;
            Tensor<double>? errors = complete ? SingleErrors(l) : null;
            reports[l] = MeasureLayer(l, features, collapse, next, errors);
            if (errors is not null)
                reports[l] = Complete(l, reports[l], next, errors);
            if (parts is not null)
                reports[l] = reports[l] with { Papyan = PapyanReport.Of(parts[_layers[l].Weight.Name]) };
            next = collapse;
        }
        return reports;
    }

    /// <summary>Class means of what the Gauss–Newton matrix of a layer is made of; null for a convolution before its parts are known, and without classes.</summary>
    public LayerClassMeans? ClassMeans(int l) => _plan.NoClasses is not null ? null : IsDense(l) ? _agops.Means(l) : _streamed.GetValueOrDefault(l);

    // All convolutions at once: they share their passes through the network.
    private void MeasureStreamed(IReadOnlyDictionary<string, PapyanSplit> parts)
    {
        int[] convolutions = [.. Enumerable.Range(0, _layers.Count).Where(l => !IsDense(l) && parts[_layers[l].Weight.Name].Trace.IsDefined)];
        Estimate[] traces = [.. convolutions.Select(l => parts[_layers[l].Weight.Name]).Select(split => new Estimate(split.Trace.Value!.Value, split.TraceStandardError, split.TraceStandardError > 0.0 ? _plan.Parts.TraceProbes : 0))];
        foreach ((int l, LayerClassMeans means) in convolutions.Zip(LayerClassMeans.MeasureStreamed(_linearization, convolutions, _labels, Classes, traces, _compute)))
            _streamed[l] = means;
    }

    private CollapseMetrics MeasureCollapse(int l, Tensor<double> features)
    {
        CollapseContext context = new() { IsLastLayer = l == _layers.Count - 1, Predictions = _predictions };
        if (IsDense(l))
        {
            ClassStatistics statistics = ClassStatistics.Measure(features.AsMatrix(), _labels, Classes);
            Tensor<double> weight = Weight(l);
            context = context with { Weight = weight, PreActivationMeans = ClassDuality.PreActivationMeans(statistics.Means, weight.AsMatrix(), Bias(l), _compute) };
        }
        return CollapseMetrics.Measure(features.AsMatrix(), _labels, Classes, _compute, context);
    }

    private LayerReport MeasureLayer(int l, Tensor<double> features, CollapseMetrics? collapse, CollapseMetrics? next, Tensor<double>? errors)
    {
        bool complete = errors is not null;
        BilinearLayer layer = _layers[l];
        Tensor<double> weight = Weight(l);
        RankProfile rank = RankProfile.Measure(weight.AsMatrix(), new RankOptions { TargetRank = Classes }, _compute);
        ResampledEstimate? doubt = complete ? Doubt(features, layer.Name) : null;
        return new LayerReport(
            layer.Name,
            layer is DenseLayer ? "dense" : "convolution",
            new FeatureReport(
                layer.InputSize,
                Report(collapse),
                complete ? FeatureSpectrum.Measure(features.AsMatrix(), Centring.None, _compute).Eigenvalues : null,
                complete ? FeatureSpectrum.Measure(features.AsMatrix(), Centring.SampleMean, _compute).Eigenvalues : null,
                doubt?.StandardError,
                doubt?.Bias),
            new WeightReport(layer.Weight.Name, layer.Weight.Shape, rank.SingularValues, rank.StableRank, rank.NumericalRank, rank.EffectiveRank, rank.RankKDistance, rank.RelativeRankKDistance) { NumericalRankThreshold = rank.Options.NumericalRankThreshold, OnGrid = complete && _plan.ConvolutionSpectrum && layer is ConvolutionLayer convolution ? GridMeasurement.Measure(convolution, weight.Span, Classes, _compute) : null },
            MeasureGradient(layer),
            errors is null ? null : MeasureErrors(errors),
            _agops.Report(l, complete),
            MeasureNfa(l, weight),
            MeasureNfaOfChange(l, weight),
            MeasureSteps(l, features, collapse, next, weight),
            MeasureBound(l, features, weight, rank));
    }

    private TcvBound MeasureBound(int l, Tensor<double> features, Tensor<double> weight, RankProfile rank)
    {
        if (Without(l) is { } none)
            return new TcvBound(rank.RankKDistance, none, none, none);
        return TcvBound.Measure(weight.AsMatrix(), _plan.Decay.Coefficient(_layers[l].Weight), _linearization.OutputCotangents(l).AsMatrix(), features.AsMatrix(), _labels, Classes, _compute);
    }

    // Why a layer has nothing that rests on its class means and a dense weight; null where it has.
    private Number? Without(int l) => _plan.NoClasses is { } reason ? Number.Undefined(reason) : IsDense(l) ? null : NoMatrix(l);

    private NfaCorrelation MeasureNfa(int l, Tensor<double> weight) =>
        IsDense(l) ? NfaCorrelation.OfPower(weight.AsMatrix(), _agops.Power(l), _plan.Ansatz.Exponent, _compute) : NoNfa(NoMatrix(l));

    // Of what training added: a large start hides it in the weight.
    private NfaCorrelation MeasureNfaOfChange(int l, Tensor<double> weight)
    {
        if (!IsDense(l))
            return NoNfa(NoMatrix(l));
        if (Initial is null)
            return NoNfa(Number.Undefined("the initial weight is not known"));
        Tensor<double> change = weight.Clone();
        System.Numerics.Tensors.TensorPrimitives.Subtract(change.Span, Initial.AsSpan(_layers[l].Weight.Offset, change.Span.Length), change.Span);
        return change.Span.ContainsAnyExcept(0.0) ? MeasureNfa(l, change) : NoNfa(Number.Undefined("the weight is the initial one"));
    }

    private NfaCorrelation NoNfa(Number reason) => new(reason, reason, _plan.Ansatz.Exponent);

    private CollapseSteps MeasureSteps(int l, Tensor<double> features, CollapseMetrics? collapse, CollapseMetrics? next, Tensor<double> weight)
    {
        if (collapse is null || Without(l) is not null)
        {
            Number none = Without(l)!.Value;
            return new CollapseSteps(collapse?.Nc1TraceRatio ?? none, none, none, none);
        }
        Number right = CollapseSteps.MeasureRight(collapse.Statistics, features.AsMatrix(), _labels, weight.AsMatrix(), _compute);
        return next is null || _plan.Network.FeedsDirectly(_layers[l], _layers[l + 1])
            ? CollapseSteps.Linear(collapse.Nc1TraceRatio, right)
            : CollapseSteps.Nonlinear(collapse.Nc1TraceRatio, right, next.Nc1TraceRatio);
    }

    // What is said of W as a matrix between vectors of features holds where it acts once on a sample.
    private bool IsDense(int l) => _layers[l] is DenseLayer { Positions: 1 };

    private Number NoMatrix(int l) => _layers[l] is DenseLayer ? OfOnePosition : OfDenseLayers;

    private GradientReport MeasureGradient(BilinearLayer layer)
    {
        ReadOnlySpan<double> gradient = _linearization.Gradient.Span.Slice(layer.Weight.Offset, layer.Weight.Length);
        double[] sigma = SingularValues.Of(AsMatrix(gradient, layer), _compute);
        Number missing = Number.Undefined("the layer's Hessian was not solved");
        return new GradientReport(Math.Sqrt(System.Numerics.Tensors.TensorPrimitives.SumOfSquares(gradient)), sigma, missing, null, missing, null);
    }

    private static ReadOnlyMatrixSpan<double> AsMatrix(ReadOnlySpan<double> gradient, BilinearLayer layer) =>
        new(gradient, layer.Weight.Shape[0], layer.Weight.Length / layer.Weight.Shape[0]);

    private ErrorReport MeasureErrors(Tensor<double> single) => new(
        FeatureSpectrum.Measure(single.AsMatrix(), Centring.None, _compute).Eigenvalues,
        FeatureSpectrum.Measure(single.AsMatrix(), Centring.SampleMean, _compute).Eigenvalues);

    private LayerReport Complete(int l, LayerReport report, CollapseMetrics? above, Tensor<double> errors)
    {
        if (ClassMeans(l) is not { } means)
            return report;
        Tensor<double> next = above?.Statistics.Means ?? ClassStatistics.Measure(_logits.AsMatrix(), _labels, Classes).Means;
        ReadOnlySpan<double> gradient = _linearization.Gradient.Span.Slice(_layers[l].Weight.Offset, _layers[l].Weight.Length);
        LayerPredictions predictions = new(means, _compute);
        LayerPredictionReport predicted = new(
            IsDense(l) ? predictions.Weight(Weight(l), Bias(l)) : predictions.Weight(_layers[l], _parameters),
            predictions.SecondMoment(report.Input.SecondMoment!),
            predictions.Covariance(report.Input.Covariance!),
            IsDense(l) && next.Columns == _layers[l].OutputSize ? predictions.Gradient(AsMatrix(gradient, _layers[l]), next) : LayerPredictions.NoGradient(),
            predictions.Errors(ClassStatistics.Measure(errors.AsMatrix(), _labels, Classes).Means, report.Backpropagated!.SecondMoment));
        return report with { Predicted = predicted };
    }

    // The rows carry the mean's 1/N; moments are of the errors of single samples.
    private Tensor<double> SingleErrors(int l)
    {
        Tensor<double> errors = _linearization.OutputCotangents(l);
        System.Numerics.Tensors.TensorPrimitives.Multiply(errors.Span, errors.Rows, errors.Span);
        return errors;
    }

    /// <summary>AGOP at the input of a dense layer, d × d: the plain mean over samples, centred if the plan says so.</summary>
    public Tensor<double> MeasureAgop(int l) => _agops.Matrix(l);

    private Tensor<double> Weight(int l)
    {
        ParameterBlock block = _layers[l].Weight;
        return new Tensor<double>(_parameters.AsSpan(block.Offset, block.Length).ToArray(), [.. block.Shape]);
    }

    private double[] Bias(int l) =>
        _layers[l].Bias is { } block ? _parameters.AsSpan(block.Offset, block.Length).ToArray() : [];
}
