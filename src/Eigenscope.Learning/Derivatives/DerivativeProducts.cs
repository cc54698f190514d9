using System.Numerics;
using System.Runtime.InteropServices;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Learning.Derivatives;

/// <summary>
/// Products by tangents that go up and cotangents that go down. The vectors of a block pass through a slice of samples one after another, so that the slice is recomputed once for all of them
/// where it must be, and comes from cache where it can; every vector has its own sums.
/// </summary>
internal sealed class DerivativeProducts<T>(LinearizationWalk<T> walk)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Row i of y ← the matrix that <paramref name="metric"/> stands for, in the scope, times row i of x.</summary>
    public void MultiplyCurvature(ParameterScope scope, LossMetric metric, ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y)
    {
        for (int first = 0; first < x.Rows; first += walk.Memory.VectorsAtOnce)
        {
            int count = Math.Min(walk.Memory.VectorsAtOnce, x.Rows - first);
            SetDirections(x.RowRange(first, count), metric);
            walk.Run(count, scope.Length, part =>
            {
                foreach ((SliceState<T> slice, _) in walk.Slices(part))
                {
                    for (int vector = 0; vector < count; vector++)
                        AddCurvature(scope, metric, part, slice, vector);
                }
            });
            Sum(y.RowRange(first, count));
        }
    }

    /// <summary>Row i of y ← J times row i of x; from cached factors where there are any.</summary>
    public unsafe void MultiplyJacobian(ParameterScope scope, LayerFactors<T>? factors, ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y)
    {
        int outputs = walk.Network.OutputSize;
        int stride = y.Stride;
        fixed (double* pointer = &MemoryMarshal.GetReference(y.Data))
        {
            for (int first = 0; first < x.Rows; first += walk.Memory.VectorsAtOnce)
            {
                int count = Math.Min(walk.Memory.VectorsAtOnce, x.Rows - first);
                double* rows = pointer + ((long)first * stride);
                SetDirections(x.RowRange(first, count), metric: null);
                walk.Run(count, 0, part =>
                {
                    foreach ((SliceState<T> slice, int start) in walk.Slices(part))
                    {
                        for (int vector = 0; vector < count; vector++)
                        {
                            MatrixSpan<T> logits = factors is null
                                ? walk.Pass.UpTangent(slice, walk.Theta, scope.Moving, Direction(scope, vector), part.Buffers)
                                : factors.Up(walk, part, slice, start, Direction(scope, vector));
                            TensorPrimitives.ConvertTruncating<T, double>(logits.Data, new Span<double>(rows + ((long)vector * stride) + (start * outputs), slice.Rows * outputs));
                        }
                    }
                });
            }
        }
    }

    /// <summary>Row i of y ← Jᵀ times row i of x; from cached factors where there are any.</summary>
    public unsafe void MultiplyJacobianAdjoint(ParameterScope scope, LayerFactors<T>? factors, ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y)
    {
        int outputs = walk.Network.OutputSize;
        int stride = x.Stride;
        fixed (double* pointer = &MemoryMarshal.GetReference(x.Data))
        {
            for (int first = 0; first < x.Rows; first += walk.Memory.VectorsAtOnce)
            {
                int count = Math.Min(walk.Memory.VectorsAtOnce, x.Rows - first);
                double* rows = pointer + ((long)first * stride);
                walk.Run(count, scope.Length, part =>
                {
                    foreach ((SliceState<T> slice, int start) in walk.Slices(part))
                    {
                        for (int vector = 0; vector < count; vector++)
                        {
                            ReadOnlySpan<double> logits = new(rows + ((long)vector * stride) + (start * outputs), slice.Rows * outputs);
                            TensorPrimitives.ConvertTruncating<double, T>(logits, walk.Top(part, slice.Rows).Data);
                            if (factors is null)
                                walk.Pass.DownTangent(slice, walk.Theta, scope.Moving, default, part.Buffers, part.Target(scope, vector), curvature: false);
                            else
                                factors.Down(walk, part, slice, start, part.Target(scope, vector));
                            part.Accumulators[vector].EndSlice(slice.Rows);
                        }
                    }
                });
                Sum(y.RowRange(first, count));
            }
        }
    }

    /// <summary>The same as <see cref="MultiplyCurvature"/> from cached factors of one layer.</summary>
    public void MultiplyFactors(ParameterScope scope, LossMetric metric, LayerFactors<T> factors, ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y)
    {
        for (int first = 0; first < x.Rows; first += walk.Memory.VectorsAtOnce)
        {
            int count = Math.Min(walk.Memory.VectorsAtOnce, x.Rows - first);
            SetDirections(x.RowRange(first, count), metric);
            walk.Run(count, scope.Length, part =>
            {
                foreach ((SliceState<T> slice, int start) in walk.Slices(part))
                {
                    for (int vector = 0; vector < count; vector++)
                    {
                        factors.AddProduct(walk, part, slice, start, metric, walk.Memory.Shifts[vector], Direction(scope, vector), part.Target(scope, vector));
                        part.Accumulators[vector].EndSlice(slice.Rows);
                    }
                }
            });
            Sum(y.RowRange(first, count));
        }
    }

    private void AddCurvature(ParameterScope scope, LossMetric metric, LinearizationPart<T> part, SliceState<T> slice, int vector)
    {
        ParameterTangent<T> direction = Direction(scope, vector);
        MatrixSpan<T> logits = walk.Pass.UpTangent(slice, walk.Theta, scope.Moving, direction, part.Buffers);
        metric.Multiply(slice, 0, walk.Memory.Shifts[vector], logits, walk.Top(part, slice.Rows));
        walk.Pass.DownTangent(slice, walk.Theta, scope.Moving, direction, part.Buffers, part.Target(scope, vector), metric.Kind == CurvatureKind.Hessian);
        part.Accumulators[vector].EndSlice(slice.Rows);
    }

    private ParameterTangent<T> Direction(ParameterScope scope, int vector) => new(walk.Memory.Direction(vector).AsSpan(0, scope.Length), scope);

    private void SetDirections(ReadOnlyMatrixSpan<double> x, LossMetric? metric)
    {
        walk.Memory.Reserve(x.Rows);
        for (int vector = 0; vector < x.Rows; vector++)
        {
            SetDirection(x.Row(vector), walk.Memory.Direction(vector));
            walk.Memory.Shifts[vector] = metric?.Shift(x.Row(vector)) ?? 0.0;
        }
    }

    private unsafe void SetDirection(ReadOnlySpan<double> vector, T[] direction)
    {
        int length = vector.Length;
        fixed (double* pointer = &MemoryMarshal.GetReference(vector))
        {
            double* source = pointer;
            int parts = length < GradientAccumulator<T>.ParallelLength ? 1 : walk.Compute.Threads;
            walk.Compute.ForEachPart(parts, part =>
            {
                (int start, int count) = Compute.PartRange(length, part, parts);
                TensorPrimitives.ConvertTruncating<double, T>(new ReadOnlySpan<double>(source + start, count), direction.AsSpan(start, count));
            });
        }
    }

    private void Sum(MatrixSpan<double> y)
    {
        for (int vector = 0; vector < y.Rows; vector++)
            GradientAccumulator<T>.Sum(walk.Compute, walk.Memory.Accumulators(vector), y.Row(vector));
    }
}
