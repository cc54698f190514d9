using System.Numerics;
using System.Runtime.InteropServices;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Learning.Derivatives;

/// <summary>
/// The rows of the Jacobian, written out a few samples at a time. A layer's pullback sums over the samples it is given, so each sample goes alone: up once, then down once for each logit, as matrix products of one row.
/// </summary>
internal sealed class SampleJacobians<T>(LinearizationWalk<T> walk, ParameterScope scope)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const long RowBytes = 32L << 20;
    private readonly int _outputs = walk.Network.OutputSize;
    private readonly int _length = scope.Length;

    public void Visit(JacobianSlice visit)
    {
        int samples = walk.Objective.SampleCount;
        int perSample = checked(_outputs * _length);
        int atOnce = (int)Math.Clamp(RowBytes / ((long)perSample * sizeof(double)), 1, samples);
        double[] rows = new double[checked(atOnce * perSample)];
        SliceState<T>[] states = [.. walk.Memory.Parts.Select(_ => new SliceState<T>(walk.Network, capacity: 1))];
        for (int start = 0; start < samples; start += atOnce)
        {
            int first = start;
            int count = Math.Min(atOnce, samples - first);
            walk.Run(1, 0, part =>
            {
                (int begin, int share) = Compute.PartRange(count, part.Index, states.Length);
                for (int i = begin; i < begin + share; i++)
                    Write(part, states[part.Index], first + i, rows.AsSpan(i * perSample, perSample));
            });
            visit(first, new ReadOnlyMatrixSpan<double>(rows, count * _outputs, _length));
        }
    }

    private void Write(LinearizationPart<T> part, SliceState<T> state, int sample, Span<double> rows)
    {
        walk.Objective.Load(state, sample, 1);
        walk.Pass.Up(state, walk.Theta, keep: true);
        for (int k = 0; k < _outputs; k++)
        {
            MatrixSpan<T> top = walk.Top(part, 1);
            top.Clear();
            top[0, k] = T.One;
            Span<double> row = rows.Slice(k * _length, _length);
            Span<T> target = typeof(T) == typeof(double) ? MemoryMarshal.Cast<double, T>(row) : part.Accumulators[0].Target[.._length];
            target.Clear();
            walk.Pass.DownTangent(state, walk.Theta, scope.Moving, default, part.Buffers, new ParameterGradient<T>(target, scope), curvature: false);
            if (typeof(T) != typeof(double))
                TensorPrimitives.ConvertTruncating<T, double>(target, row);
        }
    }
}
