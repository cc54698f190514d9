using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Theory.ClassMeans;

/// <summary>
/// Where the data loss's gradient in a layer's weight lies, predicted from class means: in the span of the K² products μ_c⁺ μ_c'ᵀ, μ_c⁺ the class means of the next layer's input (of the logits, at the last
/// layer) and μ_c those of this layer's. At the optimum of the deep linear unconstrained feature model it lies in the K products of a class with itself, in equal parts (arXiv 2404.06106).
/// </summary>
public sealed class ClassMeanGradient
{
    private readonly Tensor<double> _next;
    private readonly Tensor<double> _features;
    private readonly Tensor<double> _left;
    private readonly Tensor<double> _right;
    private readonly Compute _compute;

    private ClassMeanGradient(Tensor<double> next, Tensor<double> features, Compute compute)
    {
        (_next, _features, _compute) = (next, features, compute);
        _left = Basis(next, compute);
        _right = Basis(features, compute);
    }

    /// <summary>Dimension of the predicted span: rank of the next means times rank of the features' means, at most K².</summary>
    public int Dimension => _left.Rows * _right.Rows;

    /// <summary>Predicts where a gradient lies.</summary>
    /// <param name="next">μ_c⁺ as rows, K × d_out: class means of what follows the layer.</param>
    /// <param name="features">μ_c as rows, K × d_in: class means of what enters it.</param>
    /// <param name="compute">Where to compute.</param>
    /// <returns>The prediction.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit, or an entry is not finite.</exception>
    public static ClassMeanGradient Predict(Tensor<double> next, Tensor<double> features, Compute compute)
    {
        ArgumentNullException.ThrowIfNull(next);
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(compute);
        ClassMeanGuard.Means(next, features.Rows, nameof(next));
        ClassMeanGuard.Means(features, features.Rows, nameof(features));
        return new ClassMeanGradient(next, features, compute);
    }

    /// <summary>The share of a gradient in the span of all products.</summary>
    /// <param name="gradient">d_out × d_in.</param>
    /// <returns>‖Π g‖² / ‖g‖², in [0, 1] up to rounding; null for a zero gradient.</returns>
    /// <exception cref="ArgumentException">The shape does not fit.</exception>
    public double? Share(ReadOnlyMatrixSpan<double> gradient)
    {
        double norm = SquaredNorm(gradient);
        return norm == 0.0 ? null : TensorPrimitives.SumOfSquares<double>(Sandwich(_left, gradient, _right).Span) / norm;
    }

    /// <summary>The share of a gradient in the span of the K products of a class with itself.</summary>
    /// <param name="gradient">d_out × d_in.</param>
    /// <returns>‖Π g‖² / ‖g‖², in [0, 1] up to rounding; null for a zero gradient.</returns>
    /// <exception cref="ArgumentException">The shape does not fit.</exception>
    public double? PairedShare(ReadOnlyMatrixSpan<double> gradient)
    {
        double norm = SquaredNorm(gradient);
        if (norm == 0.0)
            return null;
        Tensor<double> next = Normalized(_next), features = Normalized(_features);
        Tensor<double> inner = Sandwich(next, gradient, features);
        Tensor<double> gram = Gram(next), other = Gram(features);
        TensorPrimitives.Multiply(gram.Span, other.Span, gram.Span);
        double[] values = new double[gram.Rows];
        _compute.Blas.SymmetricEigen(gram.AsMatrix(), values);
        double share = 0.0;
        for (int j = 0; j < values.Length; j++)
        {
            if (values[j] <= ClassMeanGuard.RoundingUnits * values.Length * values[^1])
                continue;
            double coefficient = 0.0;
            for (int c = 0; c < values.Length; c++)
                coefficient += gram[j, c] * inner[c, c];
            share += coefficient * coefficient / values[j];
        }
        return share / norm;
    }

    /// <summary>Squared coefficients of a gradient along the unit products: entry (c, c') is (μ̂_c⁺ᵀ g μ̂_c')² / ‖g‖², a share where the means of different classes are orthogonal.</summary>
    /// <param name="gradient">d_out × d_in.</param>
    /// <returns>K × K, zero in the row or column of a mean that is zero; null for a zero gradient.</returns>
    /// <exception cref="ArgumentException">The shape does not fit.</exception>
    public Tensor<double>? SquaredCoefficients(ReadOnlyMatrixSpan<double> gradient)
    {
        double norm = SquaredNorm(gradient);
        if (norm == 0.0)
            return null;
        Tensor<double> coefficients = Sandwich(Normalized(_next), gradient, Normalized(_features));
        TensorPrimitives.Multiply(coefficients.Span, coefficients.Span, coefficients.Span);
        TensorPrimitives.Divide(coefficients.Span, norm, coefficients.Span);
        return coefficients;
    }

    private double SquaredNorm(ReadOnlyMatrixSpan<double> gradient)
    {
        if (gradient.Rows != _next.Columns || gradient.Columns != _features.Columns)
            throw new ArgumentException($"expected a gradient of {_next.Columns} × {_features.Columns}, got {gradient.Rows} × {gradient.Columns}", nameof(gradient));
        double sum = 0.0;
        for (int i = 0; i < gradient.Rows; i++)
            sum += TensorPrimitives.SumOfSquares(gradient.Row(i));
        return sum;
    }

    // An orthonormal basis of the span of the rows: the right singular vectors whose singular values are not rounding.
    private static Tensor<double> Basis(Tensor<double> means, Compute compute)
    {
        int rank = Math.Min(means.Rows, means.Columns);
        double[] values = new double[rank];
        Tensor<double> u = new(means.Rows, rank), right = new(rank, means.Columns);
        compute.Blas.Svd(means.Clone().AsMatrix(), values, u.AsMatrix(), right.AsMatrix());
        double cut = ClassMeanGuard.RoundingUnits * Math.Max(means.Rows, means.Columns) * values[0];
        int kept = values.Count(value => value > cut);
        return new Tensor<double>(right.Span[..(kept * means.Columns)].ToArray(), kept, means.Columns);
    }

    private Tensor<double> Sandwich(Tensor<double> left, ReadOnlyMatrixSpan<double> gradient, Tensor<double> right)
    {
        Tensor<double> half = new(left.Rows, gradient.Columns);
        _compute.Multiply(1.0, left.AsMatrix(), MatrixOp.None, gradient, MatrixOp.None, 0.0, half.AsMatrix());
        Tensor<double> result = new(left.Rows, right.Rows);
        _compute.Multiply(1.0, half.AsMatrix(), MatrixOp.None, right.AsMatrix(), MatrixOp.Transpose, 0.0, result.AsMatrix());
        return result;
    }

    private Tensor<double> Gram(Tensor<double> rows)
    {
        Tensor<double> gram = new(rows.Rows, rows.Rows);
        _compute.Multiply(1.0, rows.AsMatrix(), MatrixOp.None, rows.AsMatrix(), MatrixOp.Transpose, 0.0, gram.AsMatrix());
        return gram;
    }

    private static Tensor<double> Normalized(Tensor<double> rows)
    {
        Tensor<double> unit = rows.Clone();
        for (int c = 0; c < unit.Rows; c++)
        {
            double norm = Math.Sqrt(TensorPrimitives.SumOfSquares<double>(unit.Row(c)));
            if (norm > 0.0)
                TensorPrimitives.Divide(unit.Row(c), norm, unit.Row(c));
        }
        return unit;
    }
}
