using Eigenscope.Analysis;
using Eigenscope.Analysis.Collapse;
using Eigenscope.Analysis.Features;
using Eigenscope.Analysis.Ranks;
using Eigenscope.Analysis.Spectra;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Experiments.Runs;

/// <summary>Measures every layer of a linearised network: features, weight, gradient, errors, AGOP and the shares of collapse. Spectra of Hessians are measured elsewhere.</summary>
internal sealed class LayerMeasurement
{
    private readonly MeasurementPlan _plan;
    private readonly Compute _compute;
    private readonly RandomStream _random;
    private readonly CancellationToken _cancellation;
    private readonly Linearization _linearization;
    private readonly double[] _parameters;
    private readonly int[] _labels;
    private readonly int[] _predictions;
    private readonly Tensor<double> _logits;
    private readonly IReadOnlyList<BilinearLayer> _layers;
    private readonly (LayerClassMeans Means, Tensor<double> Agop)?[] _visits;
    private readonly LayerClassMeans?[] _streamed;

    public LayerMeasurement(MeasurementPlan plan, Compute compute, RandomStream random, Linearization linearization, double[] parameters, CancellationToken cancellation)
    {
        _plan = plan;
        _compute = compute;
        _random = random;
        _cancellation = cancellation;
        _linearization = linearization;
        _parameters = parameters;
        _labels = plan.Labels;
        _layers = plan.Network.WeightLayers;
        _visits = new (LayerClassMeans, Tensor<double>)?[_layers.Count];
        _streamed = new LayerClassMeans?[_layers.Count];
        _logits = linearization.Logits();
        _predictions = [.. Enumerable.Range(0, _logits.Rows).Select(i => System.Numerics.Tensors.TensorPrimitives.IndexOfMax<double>(_logits.Row(i)))];
    }

    private int Classes => _plan.Classes;

    public OutputReport MeasureOutput() =>
        new(_logits.Columns, new CollapseReport(CollapseMetrics.Measure(_logits.AsMatrix(), _labels, Classes, _compute, new CollapseContext { Predictions = _predictions })));

    /// <summary>Measures all layers; the gradient's alignment is filled in by whoever has the eigenpairs.</summary>
    /// <param name="complete">Whether what is reported at the end only is measured too: predictions of weight, features, gradient and errors, and the parts of the Gauss–Newton matrix.</param>
    public IReadOnlyList<LayerReport> MeasureLayers(bool complete = false)
    {
        Tensor<double>[] features = [.. Enumerable.Range(0, _layers.Count).Select(_linearization.LayerInput)];
        CollapseMetrics[] collapse = [.. features.Select((x, l) => MeasureCollapse(l, x))];
        LayerReport[] reports = [.. Enumerable.Range(0, _layers.Count).Select(l => MeasureLayer(l, features, collapse))];
        return complete ? [.. reports.Select((report, l) => Complete(l, report, collapse))] : reports;
    }

    /// <summary>Class means of what the Gauss–Newton matrix of a layer is made of.</summary>
    public LayerClassMeans ClassMeans(int l) => _layers[l] is DenseLayer
        ? Visit(l).Means
        : _streamed[l] ??= LayerClassMeans.MeasureStreamed(_linearization, l, _labels, Classes, _compute, _random.Split($"class means {_layers[l].Weight.Name}"));

    private CollapseMetrics MeasureCollapse(int l, Tensor<double> features)
    {
        Tensor<double> weight = Weight(l);
        ClassStatistics statistics = ClassStatistics.Measure(features.AsMatrix(), _labels, Classes);
        CollapseContext context = new()
        {
            Weight = weight,
            PreActivationMeans = ClassDuality.PreActivationMeans(statistics.Means, weight.AsMatrix(), Bias(l), _compute),
            IsLastLayer = l == _layers.Count - 1,
            Predictions = _predictions,
        };
        return CollapseMetrics.Measure(features.AsMatrix(), _labels, Classes, _compute, context);
    }

    private LayerReport MeasureLayer(int l, Tensor<double>[] features, CollapseMetrics[] collapse)
    {
        BilinearLayer layer = _layers[l];
        Tensor<double> weight = Weight(l);
        ReadOnlyMatrixSpan<double> x = features[l].AsMatrix();
        RankProfile rank = RankProfile.Measure(weight.AsMatrix(), new RankOptions { TargetRank = Classes }, _compute);
        Tensor<double> errors = _linearization.OutputCotangents(l);
        Tensor<double> agop = MeasureAgop(l);
        double[] agopValues = PositiveSemidefinite.Eigenvalues(agop.AsMatrix(), _compute);
        Number right = CollapseSteps.MeasureRight(collapse[l].Statistics, x, _labels, weight.AsMatrix(), _compute);
        bool isLinear = l == _layers.Count - 1 || _plan.Activation == Activation.Linear;
        return new LayerReport(
            layer.Name,
            "dense",
            new FeatureReport(
                layer.InputSize,
                new CollapseReport(collapse[l]),
                FeatureSpectrum.Measure(x, Centring.None, _compute).Eigenvalues,
                FeatureSpectrum.Measure(x, Centring.SampleMean, _compute).Eigenvalues),
            new WeightReport(layer.Weight.Name, layer.Weight.Shape, rank.SingularValues, rank.StableRank, rank.NumericalRank, rank.EffectiveRank, rank.RankKDistance, rank.RelativeRankKDistance),
            MeasureGradient(layer),
            MeasureErrors(SingleErrors(l)),
            new AgopReport(agopValues, agopValues.Sum()),
            NfaCorrelation.Measure(weight.AsMatrix(), agop.AsMatrix(), _compute),
            isLinear ? CollapseSteps.Linear(collapse[l].Nc1TraceRatio, right) : CollapseSteps.Nonlinear(collapse[l].Nc1TraceRatio, right, collapse[l + 1].Nc1TraceRatio),
            TcvBound.Measure(weight.AsMatrix(), _plan.Decay.Coefficient(layer.Weight), errors.AsMatrix(), x, _labels, Classes, _compute));
    }

    private GradientReport MeasureGradient(BilinearLayer layer)
    {
        ReadOnlySpan<double> gradient = _linearization.Gradient.Span.Slice(layer.Weight.Offset, layer.Weight.Length);
        double[] sigma = SingularValues.Of(new ReadOnlyMatrixSpan<double>(gradient, layer.Weight.Shape[0], layer.Weight.Shape[1]), _compute);
        Number missing = Number.Undefined("the layer's Hessian was not solved");
        return new GradientReport(Math.Sqrt(System.Numerics.Tensors.TensorPrimitives.SumOfSquares(gradient)), sigma, missing, null, missing, null);
    }

    private ErrorReport MeasureErrors(Tensor<double> single) => new(
        FeatureSpectrum.Measure(single.AsMatrix(), Centring.None, _compute).Eigenvalues,
        FeatureSpectrum.Measure(single.AsMatrix(), Centring.SampleMean, _compute).Eigenvalues);

    private LayerReport Complete(int l, LayerReport report, CollapseMetrics[] collapse)
    {
        bool isLast = l == _layers.Count - 1;
        Tensor<double> next = isLast ? ClassStatistics.Measure(_logits.AsMatrix(), _labels, Classes).Means : collapse[l + 1].Statistics.Means;
        ReadOnlySpan<double> gradient = _linearization.Gradient.Span.Slice(_layers[l].Weight.Offset, _layers[l].Weight.Length);
        LayerPredictions predictions = new(ClassMeans(l), _compute);
        LayerPredictionReport predicted = new(
            predictions.Weight(Weight(l), Bias(l)),
            predictions.SecondMoment(report.Input.SecondMoment!),
            predictions.Covariance(report.Input.Covariance!),
            predictions.Gradient(new ReadOnlyMatrixSpan<double>(gradient, _layers[l].OutputSize, _layers[l].InputSize), next),
            predictions.Errors(ClassStatistics.Measure(SingleErrors(l).AsMatrix(), _labels, Classes).Means, report.Backpropagated!.SecondMoment));
        string scope = _layers[l].Weight.Name;
        PapyanSplit parts = PapyanSplit.Measure(_linearization, scope, _labels, Classes, new PapyanOptions(), _compute, _random.Split($"parts {scope}"), _cancellation);
        return report with { Predicted = predicted, Papyan = PapyanReport.Of(parts) };
    }

    // The rows carry the mean's 1/N; moments are of the errors of single samples.
    private Tensor<double> SingleErrors(int l)
    {
        Tensor<double> errors = _linearization.OutputCotangents(l);
        System.Numerics.Tensors.TensorPrimitives.Multiply(errors.Span, errors.Rows, errors.Span);
        return errors;
    }

    /// <summary>AGOP at the input of a layer, d × d: the plain mean over samples, uncentred.</summary>
    public Tensor<double> MeasureAgop(int l) => Visit(l).Agop;

    // The Jacobians of a layer are walked once, for its AGOP and for its class means.
    private (LayerClassMeans Means, Tensor<double> Agop) Visit(int l)
    {
        if (_visits[l] is { } done)
            return done;
        Tensor<double> weight = Weight(l);
        AgopAccumulator accumulator = new(_plan.Network.OutputSize, weight.Rows, _compute);
        LayerClassMeans means = LayerClassMeans.Measure(_linearization, l, _labels, Classes, _compute, (_, jacobians) => accumulator.Add(jacobians));
        (LayerClassMeans, Tensor<double>) visit = (means, Agop(accumulator, weight));
        _visits[l] = visit;
        return visit;
    }

    // J_x = J_z W for a dense layer, so the AGOP at its input is Wᵀ ((1/N) Σ J_zᵀ J_z) W: one small product instead of one per sample.
    private Tensor<double> Agop(AgopAccumulator accumulator, Tensor<double> weight)
    {
        Tensor<double> half = new(weight.Rows, weight.Columns);
        _compute.Multiply(1.0, accumulator.Mean().AsMatrix(), MatrixOp.None, weight.AsMatrix(), MatrixOp.None, 0.0, half.AsMatrix());
        Tensor<double> agop = new(weight.Columns, weight.Columns);
        _compute.Multiply(1.0, weight.AsMatrix(), MatrixOp.Transpose, half.AsMatrix(), MatrixOp.None, 0.0, agop.AsMatrix());
        return agop;
    }

    private Tensor<double> Weight(int l)
    {
        ParameterBlock block = _layers[l].Weight;
        return new Tensor<double>(_parameters.AsSpan(block.Offset, block.Length).ToArray(), [.. block.Shape]);
    }

    private double[] Bias(int l) =>
        _layers[l].Bias is { } block ? _parameters.AsSpan(block.Offset, block.Length).ToArray() : [];
}
