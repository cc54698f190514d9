using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;
using Primitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Numerics.Estimators.Traces;

/// <summary>
/// An orthonormal basis Q of products Y = A Ω, with A Q: Y = Q R by Gram–Schmidt, twice, in the order of arrival, so that R is triangular and the basis can grow. When a product adds nothing to the span, A's
/// range is exhausted: for random Ω that happens, with probability 1, only once the span holds all of it.
/// </summary>
internal sealed class RangeSketch(TraceProducts products, Compute compute)
{
    private readonly RowStore _basis = new(products.Dimension);
    private readonly RowStore _images = new(products.Dimension);
    private readonly List<double[]> _triangle = [];
    private double _norm;

    public int Rank => _basis.Count;

    /// <summary>Whether the span holds the operator's whole range, to rounding.</summary>
    public bool IsExhausted { get; private set; }

    /// <summary>Q as rows.</summary>
    public ReadOnlyMatrixSpan<double> Basis => _basis.All;

    /// <summary>A Q as rows.</summary>
    public ReadOnlyMatrixSpan<double> Images => _images.All;

    /// <summary>Column j of R, its j + 1 entries: y_j = Σ_i R_ij q_i.</summary>
    public ReadOnlySpan<double> Triangle(int column) => _triangle[column];

    /// <summary>Takes in products (destroyed), then multiplies the new basis vectors.</summary>
    public void Extend(MatrixSpan<double> sketched)
    {
        int before = Rank;
        for (int i = 0; i < sketched.Rows && !IsExhausted; i++)
            Orthonormalize(sketched.RowRange(i, 1));
        int added = Rank - before;
        products.Apply(_basis.Rows(before, added), _images.Append(added));
    }

    /// <summary>Qᵀ A Q, r × r.</summary>
    public Tensor<double> Compressed() => Products(Basis, Images);

    /// <summary>All inner products of the rows of two blocks: entry (i, j) = aᵢ · bⱼ.</summary>
    public Tensor<double> Products(ReadOnlyMatrixSpan<double> a, ReadOnlyMatrixSpan<double> b)
    {
        Tensor<double> result = new(a.Rows, b.Rows);
        compute.Multiply(1.0, a, MatrixOp.None, b, MatrixOp.Transpose, 0.0, result.AsMatrix());
        return result;
    }

    public static double Trace(Tensor<double> square)
    {
        double sum = 0;
        for (int i = 0; i < square.Rows; i++)
            sum += square[i, i];
        return sum;
    }

    private void Orthonormalize(MatrixSpan<double> row)
    {
        _norm = Math.Max(_norm, Primitives.Norm<double>(row.Row(0)));
        double[] column = new double[Rank + 1];
        double[] coefficients = new double[Rank];
        for (int pass = 0; pass < 2 && Rank > 0; pass++)
        {
            MatrixSpan<double> projected = new(coefficients, 1, Rank);
            compute.Multiply(1.0, row, MatrixOp.None, Basis, MatrixOp.Transpose, 0.0, projected);
            compute.Multiply(-1.0, projected, MatrixOp.None, Basis, MatrixOp.None, 1.0, row);
            Primitives.Add(column.AsSpan(0, Rank), coefficients, column.AsSpan(0, Rank));
        }
        column[^1] = Primitives.Norm<double>(row.Row(0));
        if (column[^1] <= BlockLanczosFactorization.BreakdownFactor * _norm)
        {
            IsExhausted = true;
            return;
        }
        Primitives.Divide(row.Row(0), column[^1], _basis.Append(1).Row(0));
        _triangle.Add(column);
    }
}
