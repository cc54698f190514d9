using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;
using Primitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Numerics.Estimators.Traces;

/// <summary>
/// Hutch++ that grows: the samples g are kept with A g, and projected out of the basis as it is now by A (I − Q Qᵀ) g = A g − (A Q)(Qᵀ g), which takes no product. The basis never depends on the samples, so
/// that given Q they are independent and their spread is the error.
/// </summary>
internal sealed class HutchPlusPlusSampler(TraceProducts products, Compute compute, RandomStream random) : ITraceSampler
{
    private readonly RangeSketch _sketch = new(products, compute);
    private readonly RowStore _samples = new(products.Dimension);
    private readonly RowStore _images = new(products.Dimension);

    public Estimate Grow(int totalProducts)
    {
        int third = totalProducts / 3;
        for (int added; _sketch.Rank < third && !_sketch.IsExhausted;)
        {
            added = Math.Min(products.Block, third - _sketch.Rank);
            Tensor<double> vectors = Fill(added);
            Tensor<double> sketched = new(added, products.Dimension);
            products.Apply(vectors.AsMatrix(), sketched.AsMatrix());
            _sketch.Extend(sketched.AsMatrix());
        }
        if (_sketch.IsExhausted)
            return Estimate.Exact(RangeSketch.Trace(_sketch.Compressed()));
        int fresh = third - _samples.Count;
        MatrixSpan<double> samples = _samples.Append(fresh);
        for (int i = 0; i < fresh; i++)
            random.FillNormal(samples.Row(i));
        products.Apply(samples, _images.Append(fresh));
        return Combine();
    }

    private Tensor<double> Fill(int count)
    {
        Tensor<double> vectors = new(count, products.Dimension);
        random.FillNormal(vectors.Span);
        return vectors;
    }

    private Estimate Combine()
    {
        Tensor<double> compressed = _sketch.Compressed();
        Tensor<double> overlaps = _sketch.Products(_samples.All, _sketch.Basis);
        Tensor<double> left = _sketch.Products(_samples.All, _sketch.Images);
        Tensor<double> right = _sketch.Products(_images.All, _sketch.Basis);
        Tensor<double> transformed = _sketch.Products(overlaps.AsMatrix(), compressed.AsMatrix());
        SampleMean mean = new();
        for (int i = 0; i < _samples.Count; i++)
        {
            ReadOnlySpan<double> sample = _samples.All.Row(i);
            ReadOnlySpan<double> overlap = overlaps.Row(i);
            double form = Primitives.Dot(sample, _images.All.Row(i)) - Primitives.Dot(overlap, left.Row(i)) - Primitives.Dot(overlap, right.Row(i)) + Primitives.Dot(overlap, transformed.Row(i));
            double square = Primitives.SumOfSquares(sample) - Primitives.SumOfSquares(overlap);
            mean.Add((products.Dimension - _sketch.Rank) * form / square);
        }
        return mean.ToEstimate(RangeSketch.Trace(compressed));
    }
}
