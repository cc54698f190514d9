using System.Numerics;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Learning.Derivatives;

/// <summary>
/// The four walks through a network, over one slice of samples, on the calling thread: up with values, down with cotangents, up with tangents, down with the cotangents' tangents.
/// Every derivative the library offers is a combination of these. Where results are summed, values and tangents are added, and where they are put side by side, copied; where one result is read several times, cotangents are added.
/// Walks for a part of the parameters visit only the boundaries that move with them, given as one flag per boundary (<see cref="Network.MovedBy"/>).
/// </summary>
internal sealed class NetworkPass<T>(Network network, Loss loss, BlasBackend blas)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IReadOnlyList<Layer> _layers = network.Layers;
    private readonly BoundaryPlan _plan = network.Plan;

    /// <summary>Fills the values of a loaded slice; with <paramref name="keep"/>, a pullback may follow.</summary>
    public void Up(SliceState<T> slice, ReadOnlySpan<T> parameters, bool keep)
    {
        for (int i = 0; i < _layers.Count; i++)
            UpLayer(slice, parameters, i, keep);
    }

    /// <summary>The step of <see cref="Up"/> through one layer.</summary>
    public void UpLayer(SliceState<T> slice, ReadOnlySpan<T> parameters, int layer, bool keep)
    {
        ReadOnlySpan<int> sources = network.Sources(layer);
        if (_layers[layer] is SumLayer)
            Join(slice.Value(sources[0]), slice.Value(sources[1]), slice.Value(layer + 1), _plan.Values, sources, layer + 1);
        else if (_layers[layer] is ConcatLayer concat)
            JoinValues(concat, slice, sources, layer + 1);
        else
            _layers[layer].Value(blas, parameters, slice.Value(sources[0]), slice.Value(layer + 1), slice.Stash(layer), keep);
    }

    /// <summary>Evaluates the loss at the slice's logits and leaves its cotangents there.</summary>
    public double EvaluateLoss(SliceState<T> slice) =>
        loss.Evaluate<T>(slice.Value(_layers.Count), slice.Labels, slice.Weights, slice.Cotangent(_layers.Count), slice.LossState);

    /// <summary>
    /// Sends the loss's cotangents down to the output of the first layer, keeping them in the slice; accumulates the wanted gradients on the way.
    /// With <paramref name="keepCurvature"/>, Hessian products may follow.
    /// </summary>
    public void Down(SliceState<T> slice, ReadOnlySpan<T> parameters, ParameterGradient<T> wanted, bool keepCurvature)
    {
        for (int i = _layers.Count - 1; i >= 0; i--)
        {
            if (keepCurvature)
                _layers[i].KeepCurvature(slice.Layer(i), slice.Cotangent(i + 1));
            DownLayer(slice, parameters, i, wanted);
        }
    }

    /// <summary>The step of <see cref="Down"/> through one layer.</summary>
    public void DownLayer(SliceState<T> slice, ReadOnlySpan<T> parameters, int layer, ParameterGradient<T> wanted)
    {
        MatrixSpan<T> above = slice.Cotangent(layer + 1);
        if (_layers[layer] is JoinLayer join)
        {
            ReadOnlySpan<int> sources = network.Sources(layer);
            for (int k = 0; k < sources.Length; k++)
            {
                if (sources[k] > 0)
                    Fork(Part(join, above, k), slice.Cotangent(sources[k]), slice.Cotangents, layer, sources[k]);
            }
            return;
        }
        _layers[layer].Pullback(blas, parameters, slice.Layer(layer), above, CotangentBelow(slice, layer), wanted);
        JoinCotangent(slice, layer);
    }

    /// <summary>Where a layer other than a join is to write its input's cotangent; <see cref="JoinCotangent"/> follows.</summary>
    public MatrixSpan<T> CotangentBelow(SliceState<T> slice, int layer)
    {
        int source = network.Sources(layer)[0];
        return IsSecond(layer, source) ? slice.Scratch(source) : slice.Cotangent(source);
    }

    /// <summary>Adds what a layer wrote to what the boundary's other readers sent.</summary>
    public void JoinCotangent(SliceState<T> slice, int layer)
    {
        int source = network.Sources(layer)[0];
        if (IsSecond(layer, source))
            Add(slice.Scratch(source), slice.Cotangent(source));
    }

    /// <summary>Sends a parameter direction up; returns the tangents of the logits.</summary>
    public MatrixSpan<T> UpTangent(SliceState<T> slice, ReadOnlySpan<T> parameters, ReadOnlySpan<bool> moving, ParameterTangent<T> direction, TangentBuffers<T> buffers)
    {
        SendUp(slice, parameters, moving, 0, direction, buffers);
        return buffers.Tangent(_layers.Count, slice.Rows);
    }

    /// <summary>Sends tangents at a boundary (in its buffer) up, along every path and at fixed parameters; returns the tangents of the logits.</summary>
    public MatrixSpan<T> UpFrom(SliceState<T> slice, ReadOnlySpan<T> parameters, int boundary, TangentBuffers<T> buffers)
    {
        SendUp(slice, parameters, network.Above(boundary), boundary, default, buffers);
        return buffers.Tangent(_layers.Count, slice.Rows);
    }

    private void SendUp(SliceState<T> slice, ReadOnlySpan<T> parameters, ReadOnlySpan<bool> moving, int first, ParameterTangent<T> direction, TangentBuffers<T> buffers)
    {
        for (int i = first; i < _layers.Count; i++)
        {
            if (!moving[i + 1])
                continue;
            ReadOnlySpan<int> sources = network.Sources(i);
            if (_layers[i] is SumLayer)
                JoinTangents(moving, buffers, sources, i + 1, slice.Rows);
            else if (_layers[i] is ConcatLayer concat)
                JoinTangents(concat, moving, buffers, sources, i + 1, slice.Rows);
            else
                _layers[i].Tangent(blas, parameters, direction, slice.Layer(i), Tangent(buffers, moving, sources[0], slice.Rows), buffers.Tangent(i + 1, slice.Rows));
        }
    }

    /// <summary>
    /// Sends cotangents of the logits (in their passing buffer) down to the parameters that move. With <paramref name="curvature"/>, the tangents left by <see cref="UpTangent"/> add
    /// the derivative of the pullback itself: then the result is the Hessian's product, without it the Gauss–Newton's.
    /// </summary>
    public void DownTangent(SliceState<T> slice, ReadOnlySpan<T> parameters, ReadOnlySpan<bool> moving, ParameterTangent<T> direction, TangentBuffers<T> buffers, ParameterGradient<T> wanted, bool curvature)
    {
        for (int i = _layers.Count - 1; i >= 0; i--)
        {
            if (moving[i + 1])
                StepDown(slice, parameters, moving, i, direction, buffers, wanted, curvature);
        }
    }

    /// <summary>Sends cotangents of the logits (in their passing buffer) down to a boundary, along every path; returns the buffer they end in.</summary>
    public MatrixSpan<T> DownTo(SliceState<T> slice, ReadOnlySpan<T> parameters, int boundary, TangentBuffers<T> buffers)
    {
        ReadOnlySpan<bool> moving = network.Above(boundary);
        for (int i = _layers.Count - 1; i >= boundary; i--)
            StepAbove(slice, parameters, moving, i, buffers);
        return buffers.Passing(boundary, slice.Rows);
    }

    /// <summary>One step of <see cref="DownTo"/>: through layer <paramref name="layer"/>, if its output is among those that move; its output's cotangent is complete before it.</summary>
    public void StepAbove(SliceState<T> slice, ReadOnlySpan<T> parameters, ReadOnlySpan<bool> moving, int layer, TangentBuffers<T> buffers)
    {
        if (moving[layer + 1])
            StepDown(slice, parameters, moving, layer, default, buffers, default, curvature: false);
    }

    private void StepDown(SliceState<T> slice, ReadOnlySpan<T> parameters, ReadOnlySpan<bool> moving, int i, ParameterTangent<T> direction, TangentBuffers<T> buffers, ParameterGradient<T> wanted, bool curvature)
    {
        ReadOnlySpan<int> sources = network.Sources(i);
        MatrixSpan<T> above = buffers.Passing(i + 1, slice.Rows);
        if (_layers[i] is JoinLayer join)
        {
            for (int k = 0; k < sources.Length; k++)
            {
                if (moving[sources[k]])
                    Fork(Part(join, above, k), buffers.Passing(sources[k], slice.Rows), _plan.Passing, i, sources[k]);
            }
            return;
        }
        int from = sources[0];
        bool second = moving[from] && _plan.HighestReader[from] != i;
        MatrixSpan<T> below = !moving[from] ? default : second ? buffers.Scratch(from, slice.Rows) : buffers.Passing(from, slice.Rows);
        _layers[i].Pullback(blas, parameters, slice.Layer(i), above, below, wanted);
        if (curvature)
            _layers[i].AddCurvature(blas, direction, slice.Layer(i), Tangent(buffers, moving, from, slice.Rows), below, wanted);
        if (second)
            Add(below, buffers.Passing(from, slice.Rows));
    }

    private static MatrixSpan<T> Tangent(TangentBuffers<T> buffers, ReadOnlySpan<bool> moving, int boundary, int rows) =>
        moving[boundary] ? buffers.Tangent(boundary, rows) : default;

    // A boundary's highest reader writes its cotangent, every other one adds to it. Of the loss, none is wanted at the network's input.
    private bool IsSecond(int layer, int source) => source > 0 && _plan.HighestReader[source] != layer;

    private static void Join(ReadOnlyMatrixSpan<T> first, ReadOnlyMatrixSpan<T> second, MatrixSpan<T> sum, CellLayout layout, ReadOnlySpan<int> sources, int boundary)
    {
        if (layout.AreShared(boundary, sources[1]))
            TensorPrimitives.Add(sum.Data, first.Data, sum.Data);
        else if (layout.AreShared(boundary, sources[0]))
            TensorPrimitives.Add(sum.Data, second.Data, sum.Data);
        else
            TensorPrimitives.Add(first.Data, second.Data, sum.Data);
    }

    private void JoinTangents(ReadOnlySpan<bool> moving, TangentBuffers<T> buffers, ReadOnlySpan<int> sources, int boundary, int rows)
    {
        MatrixSpan<T> sum = buffers.Tangent(boundary, rows);
        if (moving[sources[0]] && moving[sources[1]])
        {
            Join(buffers.Tangent(sources[0], rows), buffers.Tangent(sources[1], rows), sum, _plan.Tangents, sources, boundary);
            return;
        }
        int only = moving[sources[0]] ? sources[0] : sources[1];
        if (!_plan.Tangents.AreShared(boundary, only))
            buffers.Tangent(only, rows).Data.CopyTo(sum.Data);
    }

    private static void JoinValues(ConcatLayer concat, SliceState<T> slice, ReadOnlySpan<int> sources, int boundary)
    {
        for (int k = 0; k < sources.Length; k++)
            Copy(slice.Value(sources[k]), concat.Part(slice.Value(boundary), k));
    }

    // What does not move has no tangent.
    private static void JoinTangents(ConcatLayer concat, ReadOnlySpan<bool> moving, TangentBuffers<T> buffers, ReadOnlySpan<int> sources, int boundary, int rows)
    {
        MatrixSpan<T> joined = buffers.Tangent(boundary, rows);
        for (int k = 0; k < sources.Length; k++)
        {
            if (moving[sources[k]])
                Copy(buffers.Tangent(sources[k], rows), concat.Part(joined, k));
            else
                concat.Part(joined, k).Clear();
        }
    }

    // What of a join's cotangent belongs to one of its sources: of a sum, all.
    private static MatrixSpan<T> Part(JoinLayer join, MatrixSpan<T> above, int source) => join is ConcatLayer concat ? concat.Part(above, source) : above;

    private void Fork(ReadOnlyMatrixSpan<T> above, MatrixSpan<T> below, CellLayout layout, int layer, int source)
    {
        if (layout.AreShared(source, layer + 1))
            return;
        if (_plan.HighestReader[source] == layer)
            Copy(above, below);
        else
            Add(above, below);
    }

    // The rows of a concatenation's parts do not follow each other; all others do.
    private static void Copy(ReadOnlyMatrixSpan<T> from, MatrixSpan<T> to)
    {
        if (AreContiguous(from, to))
            from.Data.CopyTo(to.Data);
        else
            from.CopyTo(to);
    }

    private static void Add(ReadOnlyMatrixSpan<T> addend, MatrixSpan<T> sum)
    {
        if (AreContiguous(addend, sum))
        {
            TensorPrimitives.Add(sum.Data, addend.Data, sum.Data);
            return;
        }
        for (int i = 0; i < sum.Rows; i++)
            TensorPrimitives.Add(sum.Row(i), addend.Row(i), sum.Row(i));
    }

    private static bool AreContiguous(ReadOnlyMatrixSpan<T> a, ReadOnlyMatrixSpan<T> b) => a.Stride == a.Columns && b.Stride == b.Columns;
}
