using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;
using Primitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Numerics.Estimators.Traces;

/// <summary>
/// XTrace. With Y = A Ω = Q R, H = Qᵀ A Q and s_i the unit vector along column i of R⁻ᵀ, the span without test vector i is Q (I − s_i s_iᵀ). With g_i = (I − s_i s_iᵀ) Qᵀ ω_i and v_i = ω_i − Q g_i,
/// <code>t_i = tr H − s_iᵀ H s_i + (n − k + 1) v_iᵀ A v_i / ‖v_i‖²,</code>
/// all from k × k matrices; the estimate is the mean of the t_i and its error their standard deviation / √k (their equations 2.3 to 2.6 and section 2.3).
/// </summary>
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

    private Estimate Combine()
    {
        int k = _tests.Count;
        Tensor<double> compressed = _sketch.Compressed();
        Tensor<double> overlaps = _sketch.Products(_tests.All, _sketch.Basis);
        Tensor<double> images = _sketch.Products(_tests.All, _sketch.Images);
        double trace = RangeSketch.Trace(compressed);
        double[] left = new double[k];
        double[] inside = new double[k];
        SampleMean mean = new();
        for (int i = 0; i < k; i++)
        {
            LeftOut(i, left);
            ReadOnlySpan<double> overlap = overlaps.Row(i);
            Primitives.MultiplyAdd(left, -Primitives.Dot<double>(left, overlap), overlap, inside);
            ReadOnlySpan<double> column = _sketch.Triangle(i);
            double form = Primitives.Dot(column, overlap[..column.Length]) - Primitives.Dot<double>(inside, images.Row(i)) - Primitives.Dot(column, inside.AsSpan(0, column.Length)) + Form(compressed, inside);
            double square = Primitives.SumOfSquares<double>(_tests.All.Row(i)) - Primitives.SumOfSquares<double>(inside);
            mean.Add(trace - Form(compressed, left) + ((products.Dimension - k + 1) * form / square));
        }
        return mean.ToEstimate();
    }

    /// <summary>The unit vector orthogonal to every column of R but i: column i of R⁻ᵀ by forward substitution, normalised.</summary>
    private void LeftOut(int index, Span<double> direction)
    {
        direction.Clear();
        direction[index] = 1.0;
        for (int j = index + 1; j < direction.Length; j++)
        {
            ReadOnlySpan<double> column = _sketch.Triangle(j);
            direction[j] = -Primitives.Dot(column[index..j], direction[index..j]) / column[j];
        }
        Primitives.Divide(direction, Primitives.Norm<double>(direction), direction);
    }

    private static double Form(Tensor<double> matrix, ReadOnlySpan<double> vector)
    {
        double sum = 0;
        for (int i = 0; i < vector.Length; i++)
            sum += vector[i] * Primitives.Dot(matrix.Row(i), vector);
        return sum;
    }
}
