using System.Numerics;
using System.Runtime.InteropServices;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Learning.Derivatives;

/// <summary>A linearisation in one precision.</summary>
internal sealed class TypedLinearization<T> : Linearization
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int FactorRows = 8;
    private readonly TypedObjective<T> _objective;
    private readonly NetworkPass<T> _pass;
    private readonly bool _keepsActivations;
    private LinearizationMemory<T>? _memory;
    private double[]? _gradient;

    public TypedLinearization(TypedObjective<T> objective, ReadOnlySpan<double> parameters)
        : base(objective)
    {
        _objective = objective;
        _pass = objective.Pass;
        long bytes = SliceState<T>.Bytes(objective.Network, objective.SampleCount);
        _keepsActivations = bytes <= objective.Options.ActivationBudget;
        ActivationBytes = _keepsActivations ? bytes : 0;
        _memory = objective.RentMemory(_keepsActivations);
        TensorPrimitives.ConvertTruncating<double, T>(parameters, _memory.Parameters);
        WalkPrimal();
    }

    public override ReadOnlyMemory<double> Gradient => _gradient ??= SumGradient();

    public override long ActivationBytes { get; }

    private Network Network => _objective.Network;

    private LinearizationMemory<T> Memory => _memory ?? throw new ObjectDisposedException(nameof(Linearization));

    private ReadOnlySpan<T> Theta => Memory.Parameters;

    public override void Dispose()
    {
        if (_memory is not { } memory)
            return;
        _memory = null;
        _objective.ReturnMemory(memory);
    }

    public override LinearOperator Hessian(string scope = ParameterScope.AllName)
    {
        ParameterScope resolved = ParameterScope.Resolve(Network, scope);
        return Blockwise(resolved, exactHere: IsPiecewiseLinearAbove(resolved.LowestLayer)) ?? new CurvatureOperator<T>(this, resolved, CurvatureKind.Hessian);
    }

    public override LinearOperator GaussNewton(string scope = ParameterScope.AllName)
    {
        ParameterScope resolved = ParameterScope.Resolve(Network, scope);
        return Blockwise(resolved, exactHere: true) ?? new CurvatureOperator<T>(this, resolved, CurvatureKind.GaussNewton);
    }

    public override LinearOperator Jacobian(string scope = ParameterScope.AllName) =>
        new JacobianOperator<T>(this, ParameterScope.Resolve(Network, scope));

    public override Tensor<double> LayerInput(int weightLayer) => Collect(Network.Sources(LayerIndex(weightLayer))[0], cotangents: false);

    public override Tensor<double> OutputCotangents(int weightLayer) => Collect(LayerIndex(weightLayer) + 1, cotangents: true);

    public override Tensor<double> Logits() => Collect(Network.Layers.Count, cotangents: false);

    public override void VisitOutputJacobians(int weightLayer, JacobianSlice visit)
    {
        ArgumentNullException.ThrowIfNull(visit);
        int layer = LayerIndex(weightLayer);
        int outputs = Network.OutputSize;
        int columns = Network.Layers[layer].OutputSize;
        T[] jacobians = new T[checked(_objective.SliceCapacity * outputs * columns)];
        double[] converted = new double[jacobians.Length];
        foreach (LinearizationPart<T> part in Memory.Parts)
        {
            foreach ((SliceState<T> slice, int start) in Walk(part))
            {
                int length = slice.Rows * outputs * columns;
                WriteJacobians(slice, layer, part.Buffers, jacobians.AsSpan(0, length));
                TensorPrimitives.ConvertTruncating<T, double>(jacobians.AsSpan(0, length), converted);
                visit(start, new ReadOnlyMatrixSpan<double>(converted.AsSpan(0, length), slice.Rows * outputs, columns));
            }
        }
    }

    public void MultiplyCurvature(ParameterScope scope, CurvatureKind kind, ReadOnlySpan<double> vector, Span<double> result)
    {
        SetDirection(vector);
        RunParts(scope.Length, part =>
        {
            ParameterTangent<T> direction = new(Memory.Direction.AsSpan(0, scope.Length), scope.Offset, scope.Active);
            foreach ((SliceState<T> slice, _) in Walk(part))
            {
                MatrixSpan<T> logits = _pass.UpTangent(slice, Theta, scope.Moving, direction, part.Buffers);
                _pass.MultiplyLossHessian(slice, 0, logits, part.Buffers.Passing(Network.Layers.Count, slice.Rows));
                _pass.DownTangent(slice, Theta, scope.Moving, direction, part.Buffers, part.Target(scope), kind == CurvatureKind.Hessian);
                part.Accumulator.EndSlice(slice.Rows);
            }
        });
        SumParts(result);
    }

    public unsafe void MultiplyJacobian(ParameterScope scope, ReadOnlySpan<double> vector, Span<double> result)
    {
        SetDirection(vector);
        int outputs = Network.OutputSize;
        fixed (double* pointer = &MemoryMarshal.GetReference(result))
        {
            double* destination = pointer;
            RunParts(0, part =>
            {
                ParameterTangent<T> direction = new(Memory.Direction.AsSpan(0, scope.Length), scope.Offset, scope.Active);
                foreach ((SliceState<T> slice, int start) in Walk(part))
                {
                    MatrixSpan<T> logits = _pass.UpTangent(slice, Theta, scope.Moving, direction, part.Buffers);
                    TensorPrimitives.ConvertTruncating<T, double>(logits.Data, new Span<double>(destination + (start * outputs), slice.Rows * outputs));
                }
            });
        }
    }

    public unsafe void MultiplyJacobianAdjoint(ParameterScope scope, ReadOnlySpan<double> vector, Span<double> result)
    {
        int outputs = Network.OutputSize;
        fixed (double* pointer = &MemoryMarshal.GetReference(vector))
        {
            double* source = pointer;
            RunParts(scope.Length, part =>
            {
                foreach ((SliceState<T> slice, int start) in Walk(part))
                {
                    MatrixSpan<T> top = part.Buffers.Passing(Network.Layers.Count, slice.Rows);
                    TensorPrimitives.ConvertTruncating<double, T>(new ReadOnlySpan<double>(source + (start * outputs), slice.Rows * outputs), top.Data);
                    _pass.DownTangent(slice, Theta, scope.Moving, default, part.Buffers, part.Target(scope), curvature: false);
                    part.Accumulator.EndSlice(slice.Rows);
                }
            });
        }
        SumParts(result);
    }

    /// <summary>Product with a layer block from its cached factors; see <see cref="LayerFactors{T}"/>.</summary>
    public void MultiplyFactors(ParameterScope scope, LayerFactors<T> factors, ReadOnlySpan<double> vector, Span<double> result)
    {
        SetDirection(vector);
        RunParts(scope.Length, part =>
        {
            ParameterTangent<T> direction = new(Memory.Direction.AsSpan(0, scope.Length), scope.Offset, scope.Active);
            foreach ((SliceState<T> slice, int start) in Walk(part))
            {
                MatrixSpan<T> tangent = part.Buffers.Tangent(factors.Layer + 1, slice.Rows);
                MatrixSpan<T> logits = part.Buffers.Passing(Network.Layers.Count, slice.Rows);
                Layer layer = Network.Layers[factors.Layer];
                layer.Tangent(_objective.Compute.Blas, Theta, direction, slice.Layer(factors.Layer), default, tangent);
                MultiplyFactors(slice, factors, start, tangent, logits);
                layer.Pullback(_objective.Compute.Blas, Theta, slice.Layer(factors.Layer), tangent, default, part.Target(scope));
                part.Accumulator.EndSlice(slice.Rows);
            }
        });
        SumParts(result);
    }

    // A few samples at a time, so that their Jacobians are read from memory once and come from cache the second time.
    private void MultiplyFactors(SliceState<T> slice, LayerFactors<T> factors, int start, MatrixSpan<T> tangent, MatrixSpan<T> logits)
    {
        for (int row = 0; row < slice.Rows; row += FactorRows)
        {
            int count = Math.Min(FactorRows, slice.Rows - row);
            MatrixSpan<T> rows = tangent.RowRange(row, count);
            MatrixSpan<T> outputs = logits.RowRange(row, count);
            factors.Multiply(start + row, rows, outputs);
            _pass.MultiplyLossHessian(slice, row, outputs, outputs);
            factors.MultiplyAdjoint(start + row, outputs, rows);
        }
    }

    private unsafe LinearOperator? Blockwise(ParameterScope scope, bool exactHere)
    {
        int layer = scope.LowestLayer;
        if (scope.IsAll || !exactHere || layer == Network.Layers.Count - 1 || !_keepsActivations)
            return null;
        long entries = (long)_objective.SampleCount * Network.OutputSize * Network.Layers[layer].OutputSize;
        bool fits = entries * sizeof(T) <= _objective.Options.JacobianBudget && entries <= Array.MaxLength;
        return fits ? new LayerGaussNewtonOperator<T>(this, scope, Factors(layer)) : null;
    }

    private LayerFactors<T> Factors(int layer)
    {
        LayerFactors<T> factors = new(layer, _objective.SampleCount, Network.OutputSize, Network.Layers[layer].OutputSize);
        RunParts(0, part =>
        {
            foreach ((SliceState<T> slice, int start) in Walk(part))
                WriteJacobians(slice, layer, part.Buffers, factors.Slice(start, slice.Rows));
        });
        return factors;
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

    private void WriteJacobians(SliceState<T> slice, int layer, TangentBuffers<T> buffers, Span<T> jacobians)
    {
        int outputs = Network.OutputSize;
        int columns = Network.Layers[layer].OutputSize;
        for (int k = 0; k < outputs; k++)
        {
            MatrixSpan<T> top = buffers.Passing(Network.Layers.Count, slice.Rows);
            top.Clear();
            for (int i = 0; i < slice.Rows; i++)
                top[i, k] = T.One;
            MatrixSpan<T> bottom = _pass.DownTo(slice, Theta, layer, buffers);
            for (int i = 0; i < slice.Rows; i++)
                bottom.Row(i).CopyTo(jacobians.Slice(((i * outputs) + k) * columns, columns));
        }
    }

    private Tensor<double> Collect(int boundary, bool cotangents)
    {
        int columns = Network.BoundarySize(boundary);
        Tensor<double> result = new(_objective.SampleCount, columns);
        RunParts(0, part =>
        {
            foreach ((SliceState<T> slice, int start) in Walk(part))
            {
                MatrixSpan<T> source = cotangents ? slice.Cotangent(boundary) : slice.Value(boundary);
                TensorPrimitives.ConvertTruncating<T, double>(source.Data, result.AsMatrix().RowRange(start, slice.Rows).Data);
            }
        });
        return result;
    }

    private int LayerIndex(int weightLayer)
    {
        IReadOnlyList<BilinearLayer> layers = Network.WeightLayers;
        if ((uint)weightLayer >= (uint)layers.Count)
            throw new ArgumentOutOfRangeException(nameof(weightLayer), weightLayer, $"the network has {layers.Count} layers with weights, numbered from 0");
        return Network.LayerOf(layers[weightLayer].Weight.Name);
    }

    private unsafe void SetDirection(ReadOnlySpan<double> vector)
    {
        T[] direction = Memory.Direction;
        int length = vector.Length;
        fixed (double* pointer = &MemoryMarshal.GetReference(vector))
        {
            double* source = pointer;
            int parts = length < GradientAccumulator<T>.ParallelLength ? 1 : _objective.Compute.Threads;
            _objective.Compute.ForEachPart(parts, part =>
            {
                (int start, int count) = Compute.PartRange(length, part, parts);
                TensorPrimitives.ConvertTruncating<double, T>(new ReadOnlySpan<double>(source + start, count), direction.AsSpan(start, count));
            });
        }
    }

    // Gradients of a single layer clear and sum only that layer's entries; a walk that gathers no gradient, none.
    private void RunParts(int gradientLength, Action<LinearizationPart<T>> body)
    {
        _objective.Compute.ForEachPart(Memory.Parts.Length, index =>
        {
            Memory.Parts[index].Accumulator.Clear(gradientLength);
            body(Memory.Parts[index]);
        });
    }

    private void SumParts(Span<double> result) =>
        GradientAccumulator<T>.Sum(_objective.Compute, Memory.Accumulators, result);

    private IEnumerable<(SliceState<T> Slice, int Start)> Walk(LinearizationPart<T> part)
    {
        int index = 0;
        foreach ((int start, int count) in _objective.Slices(part.Index))
        {
            SliceState<T> slice = part.States[_keepsActivations ? index++ : 0];
            if (!_keepsActivations)
                WalkPrimal(slice, start, count);
            yield return (slice, start);
        }
    }

    private void WalkPrimal()
    {
        LinearizationPart<T>[] parts = Memory.Parts;
        double[] losses = new double[parts.Length];
        int[] correct = new int[parts.Length];
        RunParts(0, part =>
        {
            int index = 0;
            foreach ((int start, int count) in _objective.Slices(part.Index))
            {
                SliceState<T> slice = part.States[_keepsActivations ? index++ : 0];
                losses[part.Index] += WalkPrimal(slice, start, count);
                correct[part.Index] += _objective.CountCorrect(slice);
            }
        });
        Value = new LossValue(losses.Sum(), (double)correct.Sum() / _objective.SampleCount);
    }

    // The cotangents are there: what is left of the gradient is one product a layer, done when somebody asks.
    private double[] SumGradient()
    {
        double[] gradient = new double[Network.ParameterCount];
        ParameterScope all = _objective.AllParameters;
        RunParts(all.Length, part =>
        {
            foreach ((SliceState<T> slice, _) in Walk(part))
            {
                for (int i = 0; i < Network.Layers.Count; i++)
                {
                    if (Network.Layers[i].Parameters.Count > 0)
                        Network.Layers[i].Pullback(_objective.Compute.Blas, Theta, slice.Layer(i), slice.Cotangent(i + 1), default, part.Target(all));
                }
                part.Accumulator.EndSlice(slice.Rows);
            }
        });
        SumParts(gradient);
        return gradient;
    }

    private double WalkPrimal(SliceState<T> slice, int start, int count)
    {
        _objective.Load(slice, start, count);
        _pass.Up(slice, Theta, keep: true);
        double loss = _pass.EvaluateLoss(slice);
        _pass.Down(slice, Theta, default, keepCurvature: true);
        return loss;
    }
}
