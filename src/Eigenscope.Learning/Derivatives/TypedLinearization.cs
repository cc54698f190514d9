using System.Numerics;
using Eigenscope.Learning.Features;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Learning.Derivatives;

/// <summary>A linearisation in one precision.</summary>
internal sealed class TypedLinearization<T> : Linearization
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TypedObjective<T> _objective;
    private readonly LinearizationWalk<T> _walk;
    private double[]? _gradient;
    private LayerFactors<T>? _factors;

    public TypedLinearization(TypedObjective<T> objective, ReadOnlySpan<double> parameters)
        : base(objective)
    {
        _objective = objective;
        _walk = new LinearizationWalk<T>(objective, parameters);
        Value = _walk.Value;
    }

    public override ReadOnlyMemory<double> Gradient => _gradient ??= SumGradient();

    public override long ActivationBytes => _walk.ActivationBytes;

    public override double[] Parameters()
    {
        double[] parameters = new double[_walk.Theta.Length];
        TensorPrimitives.ConvertTruncating<T, double>(_walk.Theta, parameters);
        return parameters;
    }

    private Network Network => _objective.Network;

    public override void Dispose()
    {
        _factors = null;
        _walk.Dispose();
    }

    public override LinearOperator Hessian(string scope = ParameterScope.AllName) => Curvature(scope, CurvatureKind.Hessian, centred: false);

    public override LinearOperator GaussNewton(string scope = ParameterScope.AllName) => Curvature(scope, CurvatureKind.GaussNewton, centred: false);

    public override LinearOperator EmpiricalFisher(string scope = ParameterScope.AllName) => Curvature(scope, CurvatureKind.GradientMoment, centred: false);

    // One sample does not vary; what would be left of it is rounding, which is no symmetric matrix.
    public override LinearOperator GradientCovariance(string scope = ParameterScope.AllName, bool centred = true)
    {
        LinearOperator moment = Curvature(scope, CurvatureKind.GradientMoment, centred);
        return centred && _objective.SampleCount == 1 ? moment.Scale(0.0) : moment;
    }

    public override LinearOperator Jacobian(string scope = ParameterScope.AllName) => Jacobian(ParameterScope.Resolve(Network, scope));

    public override LinearOperator Jacobian(ParameterScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return scope.Active.Length == Network.Blocks.Count
            ? new JacobianOperator<T>(_walk, scope, _factors?.Layer == scope.SingleLayer ? _factors : null)
            : throw new ArgumentException($"expected a scope of this network, which has {Network.Blocks.Count} parameters, got one of a network with {scope.Active.Length}", nameof(scope));
    }

    public override Tensor<double> LayerInput(int weightLayer) => Collect(InputBoundary(weightLayer), cotangents: false);

    public override Tensor<double> OutputCotangents(int weightLayer) => Collect(LayerIndex(weightLayer) + 1, cotangents: true);

    public override Tensor<double> Logits() => Collect(Network.Layers.Count, cotangents: false);

    public override void VisitOutputJacobians(int weightLayer, JacobianSlice visit)
    {
        ArgumentNullException.ThrowIfNull(visit);
        new BoundaryJacobians<T>(_walk, LayerIndex(weightLayer) + 1).Visit(visit);
    }

    public override void VisitInputJacobians(int weightLayer, JacobianSlice visit)
    {
        ArgumentNullException.ThrowIfNull(visit);
        new BoundaryJacobians<T>(_walk, InputBoundary(weightLayer)).Visit(visit);
    }

    public override LinearOperator Agop(int weightLayer, Centring centring = Centring.None)
    {
        int boundary = InputBoundary(weightLayer);
        return new AgopOperator<T>(_walk, boundary, MeanJacobians([boundary], centring)?[0].Storage);
    }

    public override IReadOnlyList<double> AgopTraces(IReadOnlyList<int> weightLayers, Centring centring = Centring.None)
    {
        int[] boundaries = [.. Some(weightLayers).Select(InputBoundary)];
        return new AgopTraces<T>(_walk, boundaries).Measure(MeanJacobians(boundaries, centring));
    }

    public override void VisitJacobians(string scope, JacobianSlice visit)
    {
        ArgumentNullException.ThrowIfNull(visit);
        new SampleJacobians<T>(_walk, ParameterScope.Resolve(Network, scope)).Visit(visit);
    }

    private LinearOperator Curvature(string scope, CurvatureKind kind, bool centred)
    {
        ParameterScope resolved = ParameterScope.Resolve(Network, scope);
        LossMetric metric = new(_objective.Loss, kind, centred ? MeanGradient(resolved) : null);
        return HasFactors(resolved, kind)
            ? new LayerCurvatureOperator<T>(_walk, resolved, metric, Factors(resolved.SingleLayer!.Value))
            : new CurvatureOperator<T>(_walk, resolved, metric);
    }

    // Those of one layer are kept: whoever measures layer after layer asks each for several operators in a row.
    private LayerFactors<T> Factors(int layer)
    {
        if (_factors?.Layer != layer)
        {
            _factors = null;
            _factors = new BoundaryJacobians<T>(_walk, layer + 1).Factors();
        }
        return _factors;
    }

    // Σ w g / Σ w: the gradient of the loss, where the weights do not sum to one.
    private double[] MeanGradient(ParameterScope scope)
    {
        double[] mean = new double[scope.Length];
        scope.Gather(Gradient.Span, mean);
        double total = _walk.TotalWeight;
        if (total > 0.0)
            TensorPrimitives.Divide(mean, total, mean);
        return mean;
    }

    // In the layer that gives the logits there is nothing above to save.
    private unsafe bool HasFactors(ParameterScope scope, CurvatureKind kind)
    {
        if (scope.SingleLayer is not { } layer || layer == Network.Layers.Count - 1 || !_walk.KeepsActivations || (kind == CurvatureKind.Hessian && !IsPiecewiseLinearAbove(layer)))
            return false;
        long entries = (long)_objective.SampleCount * Network.OutputSize * Network.Layers[layer].OutputSize;
        return entries * sizeof(T) <= _objective.Options.JacobianBudget && entries <= Array.MaxLength;
    }

    private bool IsPiecewiseLinearAbove(int layer)
    {
        ReadOnlySpan<bool> above = Network.Above(layer + 1);
        for (int i = layer + 1; i < Network.Layers.Count; i++)
        {
            if (above[i + 1] && !Network.Layers[i].IsPiecewiseLinear)
                return false;
        }
        return true;
    }

    private Tensor<double> Collect(int boundary, bool cotangents)
    {
        int columns = Network.BoundarySize(boundary);
        Tensor<double> result = new(_objective.SampleCount, columns);
        _walk.Run(0, 0, part =>
        {
            foreach ((SliceState<T> slice, int start) in _walk.Slices(part))
            {
                MatrixSpan<T> source = cotangents ? slice.Cotangent(boundary) : slice.Value(boundary);
                TensorPrimitives.ConvertTruncating<T, double>(source.Data, result.AsMatrix().RowRange(start, slice.Rows).Data);
            }
        });
        return result;
    }

    public override Tensor<double> MeanLayerInputs(int weightLayer, ReadOnlySpan<int> groups, int count) =>
        new GroupMeans<T>(_walk, Groups(groups, count), count).Values(InputBoundary(weightLayer));

    public override IReadOnlyList<Tensor<double>> MeanOutputJacobians(IReadOnlyList<int> weightLayers, ReadOnlySpan<int> groups, int count) =>
        new GroupMeans<T>(_walk, Groups(groups, count), count).Jacobians([.. Some(weightLayers).Select(weightLayer => LayerIndex(weightLayer) + 1)]);

    private static IReadOnlyList<int> Some(IReadOnlyList<int> weightLayers)
    {
        ArgumentNullException.ThrowIfNull(weightLayers);
        return weightLayers.Count > 0 ? weightLayers : throw new ArgumentException("expected at least one layer", nameof(weightLayers));
    }

    // The mean over all samples, each weighing the same: one group.
    private Tensor<double>[]? MeanJacobians(int[] boundaries, Centring centring) => centring switch
    {
        Centring.None => null,
        Centring.SampleMean => new GroupMeans<T>(_walk, new int[_objective.SampleCount], 1).Jacobians(boundaries),
        _ => throw new ArgumentOutOfRangeException(nameof(centring), centring, "expected none or the sample mean"),
    };

    private int InputBoundary(int weightLayer) => Network.Sources(LayerIndex(weightLayer))[0];

    private int[] Groups(ReadOnlySpan<int> groups, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (groups.Length != _objective.SampleCount)
            throw new ArgumentException($"expected the group of each of the {_objective.SampleCount} samples, got {groups.Length}", nameof(groups));
        bool[] seen = new bool[count];
        foreach (int group in groups)
        {
            if ((uint)group >= (uint)count)
                throw new ArgumentException($"expected groups in 0 … {count - 1}, got {group}", nameof(groups));
            seen[group] = true;
        }
        int empty = Array.IndexOf(seen, false);
        return empty < 0 ? groups.ToArray() : throw new ArgumentException($"group {empty} has no samples, so it has no mean", nameof(groups));
    }

    private int LayerIndex(int weightLayer)
    {
        IReadOnlyList<BilinearLayer> layers = Network.WeightLayers;
        if ((uint)weightLayer >= (uint)layers.Count)
            throw new ArgumentOutOfRangeException(nameof(weightLayer), weightLayer, $"the network has {layers.Count} layers with weights, numbered from 0");
        return Network.LayerOf(layers[weightLayer].Weight.Name);
    }

    // The cotangents are there: what is left of the gradient is one product a layer, done when somebody asks.
    private double[] SumGradient()
    {
        double[] gradient = new double[Network.ParameterCount];
        ParameterScope all = _objective.AllParameters;
        _walk.Run(1, all.Length, part =>
        {
            foreach ((SliceState<T> slice, _) in _walk.Slices(part))
            {
                for (int i = 0; i < Network.Layers.Count; i++)
                {
                    if (Network.Layers[i].Parameters.Count > 0)
                        Network.Layers[i].Pullback(_objective.Compute.Blas, _walk.Theta, slice.Layer(i), slice.Cotangent(i + 1), default, part.Target(all));
                }
                part.Accumulators[0].EndSlice(slice.Rows);
            }
        });
        GradientAccumulator<T>.Sum(_objective.Compute, _walk.Memory.Accumulators(0), gradient);
        return gradient;
    }
}
