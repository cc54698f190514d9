using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Theory.ClassMeans;

/// <summary>
/// F with Ĝ = Fᵀ F. F has √(n_c/N) S_c times class c's mean gradients as rows, Λ̄_c = S_cᵀ S_c; S_c has a row for each eigenvalue of Λ̄_c that is not rounding, so that F has no more rows than Ĝ's rank allows: K²
/// for the identity, K (K − 1) for cross-entropy, whose Λ̄_c do not see a constant.
/// </summary>
internal abstract class ClassMeanFactor
{
    /// <summary>Number of rows of F.</summary>
    public abstract int Rows { get; }

    /// <summary>Number of columns of F.</summary>
    public abstract int Dimension { get; }

    /// <summary>F Fᵀ.</summary>
    public abstract LinearOperator Gram(Compute compute);

    /// <summary>tr Ĝ, from the class means.</summary>
    public abstract double Trace();

    /// <summary>Row j of the result ← Fᵀ (row j of coefficients).</summary>
    public abstract void MultiplyAdjoint(ReadOnlyMatrixSpan<double> coefficients, MatrixSpan<double> result, Compute compute);

    /// <summary>tr(Λ B Bᵀ).</summary>
    protected static double Curvature(ReadOnlyMatrixSpan<double> lossHessian, ReadOnlyMatrixSpan<double> rows)
    {
        double curvature = 0.0;
        double[] product = new double[rows.Columns];
        for (int k = 0; k < rows.Rows; k++)
        {
            Array.Clear(product);
            for (int j = 0; j < rows.Rows; j++)
                TensorPrimitives.MultiplyAdd(rows.Row(j), lossHessian[k, j], product, product);
            curvature += TensorPrimitives.Dot<double>(product, rows.Row(k));
        }
        return curvature;
    }

    protected static Tensor<double> Root(ReadOnlyMatrixSpan<double> lossHessian, Compute compute)
    {
        int logits = lossHessian.Rows;
        Tensor<double> vectors = new(logits, logits);
        lossHessian.CopyTo(vectors.AsMatrix());
        double[] values = new double[logits];
        compute.Blas.SymmetricEigen(vectors.AsMatrix(), values);
        double cut = ClassMeanGuard.RoundingUnits * logits * Math.Max(values[^1], 0.0);
        int kept = values.Count(value => value > cut);
        Tensor<double> root = new(kept, logits);
        for (int i = 0; i < kept; i++)
            TensorPrimitives.Multiply(vectors.Row(logits - 1 - i), Math.Sqrt(values[logits - 1 - i]), root.Row(i));
        return root;
    }
}
