using System.Numerics;
using System.Runtime.InteropServices;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Learning.Derivatives;

/// <summary>Means over groups of samples of what enters a layer, and of the logits' Jacobians in what leaves it. Sums are taken slice by slice: no memory grows with the number of samples.</summary>
internal sealed class GroupMeans<T>(LinearizationWalk<T> walk, int[] groups, int count)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Means at a boundary, count × entries.</summary>
    public Tensor<double> Values(int boundary)
    {
        int columns = walk.Network.BoundarySize(boundary);
        return Sum(columns, (part, sums) =>
        {
            foreach ((SliceState<T> slice, int start) in walk.Slices(part))
                AddRows(slice.Value(boundary), start, sums.AsMatrix());
        }, [count, columns]);
    }

    /// <summary>Means of the logits' Jacobians in the output of a layer, count × outputs × entries.</summary>
    public Tensor<double> OutputJacobians(int layer)
    {
        int outputs = walk.Network.OutputSize, columns = walk.Network.Layers[layer].OutputSize;
        return Sum(outputs * columns, (part, sums) =>
        {
            foreach ((SliceState<T> slice, int start) in walk.Slices(part))
            {
                for (int k = 0; k < outputs; k++)
                {
                    MatrixSpan<T> top = walk.Top(part, slice.Rows);
                    top.Clear();
                    for (int i = 0; i < slice.Rows; i++)
                        top[i, k] = T.One;
                    AddRows(walk.Pass.DownTo(slice, walk.Theta, layer, part.Buffers), start, sums.AsMatrix().ColumnRange(k * columns, columns));
                }
            }
        }, [count, outputs, columns]);
    }

    private Tensor<double> Sum(int columns, Action<LinearizationPart<T>, Tensor<double>> add, int[] shape)
    {
        Tensor<double>[] sums = [.. walk.Memory.Parts.Select(_ => new Tensor<double>(count, columns))];
        walk.Run(0, 0, part => add(part, sums[part.Index]));
        Tensor<double> means = new(sums[0].Storage, shape);
        foreach (Tensor<double> other in sums.Skip(1))
            TensorPrimitives.Add(means.Span, other.Span, means.Span);
        int[] members = new int[count];
        foreach (int group in groups)
            members[group]++;
        for (int c = 0; c < count; c++)
            TensorPrimitives.Divide(means.Row(c), members[c], means.Row(c));
        return means;
    }

    private void AddRows(ReadOnlyMatrixSpan<T> rows, int start, MatrixSpan<double> sums)
    {
        for (int i = 0; i < rows.Rows; i++)
        {
            Span<double> sum = sums.Row(groups[start + i]);
            if (typeof(T) == typeof(float))
                DoubleSums.Add(MemoryMarshal.Cast<T, float>(rows.Row(i)), sum);
            else
                TensorPrimitives.Add(sum, MemoryMarshal.Cast<T, double>(rows.Row(i)), sum);
        }
    }
}
