using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;
using Primitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Numerics.Estimators;

/// <summary>
/// tr A from products: the mean of xᵀ A x over vectors x of independent signs (Hutchinson, Commun. Stat. Simul. Comput. 19, 1990). Unbiased; for a symmetric A the variance of one
/// sample is 2 Σ_{i≠j} a_ij².
/// </summary>
public static class TraceEstimator
{
    private const int BlockSize = 8;
    private const int FewestSamples = 2;

    /// <summary>
    /// Estimates the trace; computes it exactly where that takes no more products, with one product for a diagonal operator, with n for one of dimension n ≤ <paramref name="samples"/>.
    /// </summary>
    /// <param name="operand">A, n × n.</param>
    /// <param name="samples">Number of products allowed, ≥ 2.</param>
    /// <param name="random">Source of the signs; consumed.</param>
    /// <returns>The mean with its standard error, or the exact value.</returns>
    /// <exception cref="ArgumentException">A is not square, or fewer than 2 samples are asked for.</exception>
    /// <exception cref="LinearAlgebraException">A product held a NaN or an infinity.</exception>
    public static Estimate Estimate(LinearOperator operand, int samples, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(operand);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, FewestSamples);
        if (operand.Rows != operand.Columns)
            throw new ArgumentException($"expected a square operator, got {operand.Rows} × {operand.Columns}", nameof(operand));
        if (operand.Structure.HasFlag(OperatorStructure.Diagonal))
            return Exact(operand, operand.Rows == 0 ? 0 : 1, (_, row) => row.Fill(1.0));
        if (operand.Rows <= samples)
            return Exact(operand, operand.Rows, static (sample, row) => Unit(sample, row));
        return Sampled(operand, samples, random);
    }

    private delegate void FillProbe(int sample, Span<double> row);

    private static Estimate Exact(LinearOperator operand, int probes, FillProbe fill)
    {
        double sum = 0;
        ForEachProbe(operand, probes, fill, value => sum += value);
        return Estimators.Estimate.Exact(sum);
    }

    // Welford's recurrence: no cancellation when the trace is large beside its spread.
    private static Estimate Sampled(LinearOperator operand, int samples, RandomStream random)
    {
        int count = 0;
        double mean = 0;
        double squares = 0;
        ForEachProbe(operand, samples, (_, row) => random.FillSigns(row), value =>
        {
            double difference = value - mean;
            mean += difference / ++count;
            squares += difference * (value - mean);
        });
        return new Estimate(mean, Math.Sqrt(squares / (samples - 1) / samples), samples);
    }

    private static void ForEachProbe(LinearOperator operand, int probes, FillProbe fill, Action<double> accept)
    {
        int block = Math.Min(BlockSize, probes);
        Tensor<double> x = new(block, operand.Columns);
        Tensor<double> y = new(block, operand.Rows);
        for (int start = 0; start < probes; start += block)
        {
            int count = Math.Min(block, probes - start);
            for (int i = 0; i < count; i++)
                fill(start + i, x.Row(i));
            operand.Apply(x.AsMatrix().RowRange(0, count), y.AsMatrix().RowRange(0, count));
            for (int i = 0; i < count; i++)
                accept(Finite(Primitives.Dot<double>(x.Row(i), y.Row(i))));
        }
    }

    private static void Unit(int index, Span<double> row)
    {
        row.Clear();
        row[index] = 1.0;
    }

    private static double Finite(double value) =>
        double.IsFinite(value) ? value : throw new LinearAlgebraException("a product with the operator held a NaN or an infinity; check its data and parameters");
}
