using Eigenscope.Analysis;
using Eigenscope.Analysis.Spectra;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Features;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Experiments.Runs;

/// <summary>
/// Average gradient outer products at the layers' inputs, plain means over samples, centred if the plan says so. At dense layers the matrix; at convolutions and dense layers at several positions, whose inputs have more entries than a square matrix should,
/// its largest eigenvalues and its trace, at the end only. And class means, for which the same Jacobians are walked.
/// </summary>
internal sealed class LayerAgops(MeasurementPlan plan, Compute compute, RandomStream random, Linearization linearization, double[] parameters, Action<RunProgress> progress, CancellationToken cancellation)
{
    /// <summary>At a convolution the matrix is formed up to this order.</summary>
    private const int LargestFormed = 1000;

    private static readonly Number AtTheEnd = Number.Undefined("at the input of a convolution it is measured at the end only");
    private static readonly Number OfPositionsAtTheEnd = Number.Undefined("at the input of a layer that acts at several positions it is measured at the end only");
    private static readonly Number LeftOut = Number.Undefined("left out, as asked for");
    private static readonly Number Interrupted = Number.Undefined("the run was interrupted before it");
    private readonly IReadOnlyList<BilinearLayer> _layers = plan.Network.WeightLayers;
    private readonly (LayerClassMeans? Means, Tensor<double> Agop)?[] _visits = new (LayerClassMeans?, Tensor<double>)?[plan.Network.WeightLayers.Count];
    private Dictionary<int, double>? _traces;

    // Weight and change of weight of one layer are set beside it, one after the other.
    private (int Layer, Tensor<double> Matrix)? _power;

    /// <summary>Class means at a dense layer; only where there are classes.</summary>
    public LayerClassMeans Means(int l) => Visit(l).Means!;

    /// <summary>The matrix at a dense layer, d × d.</summary>
    public Tensor<double> Matrix(int l) => Visit(l).Agop;

    /// <summary>Its power at a dense layer, with the exponent of the ansatz.</summary>
    public Tensor<double> Power(int l)
    {
        if (_power is not { } last || last.Layer != l)
            _power = last = (l, PositiveSemidefinite.Power(Matrix(l).AsMatrix(), plan.Ansatz.Exponent, compute));
        return last.Matrix;
    }

    /// <summary>What is reported of it.</summary>
    /// <param name="l">The layer.</param>
    /// <param name="complete">Whether with what is reported at the end only.</param>
    public AgopReport Report(int l, bool complete)
    {
        if (_layers[l] is DenseLayer { Positions: 1 })
            return OfMatrix(Matrix(l));
        if (!complete)
            return new AgopReport(null, _layers[l] is DenseLayer ? OfPositionsAtTheEnd : AtTheEnd, IsCentred);
        if (!plan.HasLargeAgops || cancellation.IsCancellationRequested)
            return new AgopReport(null, plan.HasLargeAgops ? Interrupted : LeftOut, IsCentred);
        return IsFormed(l) ? OfMatrix(Form(Accumulate(l))) : Iterate(l);
    }

    private bool IsCentred => plan.Ansatz.Centring == Centring.SampleMean;

    private bool IsFormed(int l) => _layers[l].InputSize <= LargestFormed;

    private AgopReport OfMatrix(Tensor<double> agop)
    {
        double[] values = PositiveSemidefinite.Eigenvalues(agop.AsMatrix(), compute);
        return new AgopReport(values, Number.Of(values.Sum()), IsCentred);
    }

    private AgopReport Iterate(int l)
    {
        progress(new RunProgress("measuring", 1.0, $"final: AGOP at the input of {_layers[l].Name}"));
        EigenOptions options = new() { Top = Math.Min(plan.Pairs, _layers[l].InputSize), DenseLimit = 0, Tolerance = plan.Tolerance, KeepVectors = false };
        EigenPairs pairs = SymmetricEigensolver.Solve(linearization.Agop(l, plan.Ansatz.Centring), options, compute, random.Split($"agop {_layers[l].Name}"), null, cancellation);
        return new AgopReport(pairs.Values, cancellation.IsCancellationRequested ? Interrupted : Number.Of(Trace(l)), IsCentred, pairs.Residuals, SpectrumMeasurement.StatusName(pairs.Convergence.Status), pairs.Convergence.Message);
    }

    // The layers that are iterated for share the walks that make their traces.
    private double Trace(int l)
    {
        if (_traces is null)
        {
            int[] iterated = [.. Enumerable.Range(0, _layers.Count).Where(other => _layers[other] is not DenseLayer { Positions: 1 } && !IsFormed(other))];
            _traces = iterated.Zip(linearization.AgopTraces(iterated, plan.Ansatz.Centring)).ToDictionary(static pair => pair.First, static pair => pair.Second);
        }
        return _traces[l];
    }

    // The Jacobians at a layer's output are walked once, for its AGOP and for its class means.
    private (LayerClassMeans? Means, Tensor<double> Agop) Visit(int l)
    {
        if (_visits[l] is { } done)
            return done;
        bool isShared = plan.Network.SharesInput(_layers[l]);
        AgopAccumulator above = new(plan.Network.OutputSize, _layers[l].OutputSize, compute);
        JacobianSlice? add = isShared ? null : (_, jacobians) => above.Add(jacobians);
        LayerClassMeans? means = plan.NoClasses is null ? LayerClassMeans.Measure(linearization, l, plan.Labels, plan.Classes, compute, add) : null;
        if (means is null && add is not null)
            linearization.VisitOutputJacobians(l, add);
        (LayerClassMeans?, Tensor<double>) visit = (means, isShared ? Form(Accumulate(l)) : Through(_layers[l], Form(above)));
        _visits[l] = visit;
        return visit;
    }

    private AgopAccumulator Accumulate(int l)
    {
        AgopAccumulator accumulator = new(plan.Network.OutputSize, _layers[l].InputSize, compute);
        linearization.VisitInputJacobians(l, (_, jacobians) => accumulator.Add(jacobians));
        return accumulator;
    }

    // Its power is taken with the weight, not here: J_x = J_z W comes between.
    private Tensor<double> Form(AgopAccumulator accumulator) => (plan.Ansatz with { Exponent = 1.0 }).Of(accumulator, compute);

    // Where nothing else reads what a dense layer reads, J_x = J_z W, and the AGOP at its input is Wᵀ ((1/N) Σ J_zᵀ J_z) W: one small product instead of one per sample.
    private Tensor<double> Through(BilinearLayer layer, Tensor<double> agop)
    {
        ReadOnlyMatrixSpan<double> weight = new(parameters.AsSpan(layer.Weight.Offset, layer.Weight.Length), layer.OutputSize, layer.InputSize);
        Tensor<double> half = new(layer.OutputSize, layer.InputSize);
        compute.Multiply(1.0, agop.AsMatrix(), MatrixOp.None, weight, MatrixOp.None, 0.0, half.AsMatrix());
        Tensor<double> result = new(layer.InputSize, layer.InputSize);
        compute.Multiply(1.0, weight, MatrixOp.Transpose, half.AsMatrix(), MatrixOp.None, 0.0, result.AsMatrix());
        return result;
    }
}
