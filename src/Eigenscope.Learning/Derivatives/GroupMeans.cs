using System.Numerics;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Learning.Derivatives;

/// <summary>Means over groups of samples of what lies at a boundary, and of the logits' Jacobians there. Sums are taken slice by slice: no memory grows with the number of samples.</summary>
internal sealed class GroupMeans<T>(LinearizationWalk<T> walk, int[] groups, int count)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Means at a boundary, count × entries.</summary>
    public Tensor<double> Values(int boundary)
    {
        int columns = walk.Network.BoundarySize(boundary);
        Tensor<double>[] sums = [.. walk.Memory.Parts.Select(_ => new Tensor<double>(count, columns))];
        walk.Run(0, 0, part =>
        {
            foreach ((SliceState<T> slice, int start) in walk.Slices(part))
                AddRows(slice.Value(boundary), start, sums[part.Index].AsMatrix());
        });
        return Mean(sums, [count, columns]);
    }

    /// <summary>Means of the logits' Jacobians in what lies at boundaries, count × outputs × entries each: all of them from one pass down for each logit.</summary>
    public Tensor<double>[] Jacobians(IReadOnlyList<int> boundaries)
    {
        int outputs = walk.Network.OutputSize;
        Tensor<double>[][] sums = [.. walk.Memory.Parts.Select(_ => boundaries.Select(boundary => new Tensor<double>(count, outputs * walk.Network.BoundarySize(boundary))).ToArray())];
        new LogitDescent<T>(walk, boundaries).Walk((part, start, logit, index, cotangents) =>
            AddRows(cotangents, start, sums[part][index].AsMatrix().ColumnRange(logit * cotangents.Columns, cotangents.Columns)));
        return [.. boundaries.Select((boundary, index) => Mean([.. sums.Select(part => part[index])], [count, outputs, walk.Network.BoundarySize(boundary)]))];
    }

    private Tensor<double> Mean(IReadOnlyList<Tensor<double>> sums, int[] shape)
    {
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
            DoubleSums.Add(rows.Row(i), sums.Row(groups[start + i]));
    }
}
