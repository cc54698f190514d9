using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;
using Primitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Numerics.Estimators.Traces;

/// <summary>Draws XTrace's test vectors, multiplies them, and hands <see cref="LeaveOut"/> the small matrices.</summary>
internal sealed class XTraceSampler(TraceProducts products, Compute compute, RandomStream random) : ITraceSampler
{
    private readonly RangeSketch _sketch = new(products, compute);
    private readonly RowStore _tests = new(products.Dimension);

    public Estimate Grow(int totalProducts)
    {
        while (_tests.Count < totalProducts / 2 && !_sketch.IsExhausted)
        {
            int added = Math.Min(products.Block, (totalProducts / 2) - _tests.Count);
            MatrixSpan<double> tests = _tests.Append(added);
            for (int i = 0; i < added; i++)
                random.FillNormal(tests.Row(i));
            Tensor<double> sketched = new(added, products.Dimension);
            products.Apply(tests, sketched.AsMatrix());
            _sketch.Extend(sketched.AsMatrix());
        }
        return _sketch.IsExhausted ? Estimate.Exact(RangeSketch.Trace(_sketch.Compressed())) : Combine();
    }

    /// <summary>
    /// The mean, with the geometric mean of two errors that bracket the true one: the spread of the left-out values, which takes them for independent, and the jackknife (k − 1)/k Σ_j (X_j − X̄)², X_j the estimate
    /// that never saw test vector j, whose mean is no less than the variance (Efron and Stein, Ann. Stat. 9, 1981).
    /// </summary>
    private Estimate Combine()
    {
        int k = _tests.Count;
        LeaveOut leave = new(_sketch, _tests.All, products.Dimension);
        SampleMean values = new();
        double[] without = new double[k];
        for (int i = 0; i < k; i++)
        {
            values.Add(leave.One(i));
            for (int j = 0; j < k; j++)
                without[j] += i == j ? 0.0 : leave.Two(i, j) / (k - 1);
        }
        double mean = Primitives.Sum<double>(without) / k;
        double jackknife = Math.Sqrt(without.Sum(value => (value - mean) * (value - mean)) * (k - 1) / k);
        Estimate spread = values.ToEstimate();
        return spread with { StandardError = Math.Sqrt(spread.StandardError) * Math.Sqrt(jackknife) };
    }
}
