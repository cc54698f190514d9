using System.Numerics;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Learning.Derivatives;

/// <summary>Jacobians of the logits in what lies at one boundary, along every path from it: one cotangent for each logit, sent down to there.</summary>
internal sealed class BoundaryJacobians<T>(LinearizationWalk<T> walk, int boundary)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _outputs = walk.Network.OutputSize;
    private readonly int _columns = walk.Network.BoundarySize(boundary);

    /// <summary>Fills N × K × d, for a boundary that is a layer's output.</summary>
    public LayerFactors<T> Factors()
    {
        LayerFactors<T> factors = new(boundary - 1, walk.Objective.SampleCount, _outputs, _columns);
        walk.Run(0, 0, part =>
        {
            foreach ((SliceState<T> slice, int start) in walk.Slices(part))
                Write(slice, part, factors.Slice(start, slice.Rows));
        });
        return factors;
    }

    /// <summary>Walks the slices in order, on the calling thread.</summary>
    public void Visit(JacobianSlice visit)
    {
        T[] jacobians = new T[checked(walk.Objective.SliceCapacity * _outputs * _columns)];
        double[] converted = new double[jacobians.Length];
        foreach (LinearizationPart<T> part in walk.Memory.Parts)
        {
            foreach ((SliceState<T> slice, int start) in walk.Slices(part))
            {
                int length = slice.Rows * _outputs * _columns;
                Write(slice, part, jacobians.AsSpan(0, length));
                TensorPrimitives.ConvertTruncating<T, double>(jacobians.AsSpan(0, length), converted);
                visit(start, new ReadOnlyMatrixSpan<double>(converted.AsSpan(0, length), slice.Rows * _outputs, _columns));
            }
        }
    }

    private void Write(SliceState<T> slice, LinearizationPart<T> part, Span<T> jacobians)
    {
        for (int k = 0; k < _outputs; k++)
        {
            MatrixSpan<T> top = walk.Top(part, slice.Rows);
            top.Clear();
            for (int i = 0; i < slice.Rows; i++)
                top[i, k] = T.One;
            MatrixSpan<T> bottom = walk.Pass.DownTo(slice, walk.Theta, boundary, part.Buffers);
            for (int i = 0; i < slice.Rows; i++)
                bottom.Row(i).CopyTo(jacobians.Slice(((i * _outputs) + k) * _columns, _columns));
        }
    }
}
