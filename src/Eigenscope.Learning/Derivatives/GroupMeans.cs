using System.Numerics;
using System.Runtime.InteropServices;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Learning.Derivatives;

/// <summary>Means over groups of samples of what enters a layer, and of the logits' Jacobians in what leaves layers. Sums are taken slice by slice: no memory grows with the number of samples.</summary>
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

    /// <summary>Means of the logits' Jacobians in the outputs of layers, count × outputs × entries each: all of them from one pass down for each logit.</summary>
    public Tensor<double>[] OutputJacobians(IReadOnlyList<int> layers)
    {
        int outputs = walk.Network.OutputSize;
        Tensor<double>[][] sums = [.. walk.Memory.Parts.Select(_ => layers.Select(layer => new Tensor<double>(count, outputs * walk.Network.Layers[layer].OutputSize)).ToArray())];
        bool[] moving = Above(layers);
        walk.Run(0, 0, part =>
        {
            foreach ((SliceState<T> slice, int start) in walk.Slices(part))
            {
                for (int k = 0; k < outputs; k++)
                    AddCotangents(part, slice, start, k, layers, moving, sums[part.Index]);
            }
        });
        return [.. layers.Select((layer, index) => Mean([.. sums.Select(part => part[index])], [count, outputs, walk.Network.Layers[layer].OutputSize]))];
    }

    private bool[] Above(IReadOnlyList<int> layers)
    {
        bool[] moving = new bool[walk.Network.Layers.Count + 1];
        foreach (int layer in layers)
        {
            ReadOnlySpan<bool> above = walk.Network.Above(layer + 1);
            for (int boundary = 0; boundary < moving.Length; boundary++)
                moving[boundary] |= above[boundary];
        }
        return moving;
    }

    // Layers share the buffers that cotangents pass through: each is read when it is complete, before it goes further down.
    private void AddCotangents(LinearizationPart<T> part, SliceState<T> slice, int start, int logit, IReadOnlyList<int> layers, bool[] moving, Tensor<double>[] sums)
    {
        MatrixSpan<T> top = walk.Top(part, slice.Rows);
        top.Clear();
        for (int i = 0; i < slice.Rows; i++)
            top[i, logit] = T.One;
        int lowest = layers.Min();
        for (int i = walk.Network.Layers.Count - 1; i >= lowest; i--)
        {
            for (int index = 0; index < layers.Count; index++)
            {
                int columns = walk.Network.Layers[i].OutputSize;
                if (layers[index] == i)
                    AddRows(part.Buffers.Passing(i + 1, slice.Rows), start, sums[index].AsMatrix().ColumnRange(logit * columns, columns));
            }
            if (i > lowest)
                walk.Pass.StepAbove(slice, walk.Theta, moving, i, part.Buffers);
        }
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
        {
            Span<double> sum = sums.Row(groups[start + i]);
            if (typeof(T) == typeof(float))
                DoubleSums.Add(MemoryMarshal.Cast<T, float>(rows.Row(i)), sum);
            else
                TensorPrimitives.Add(sum, MemoryMarshal.Cast<T, double>(rows.Row(i)), sum);
        }
    }
}
