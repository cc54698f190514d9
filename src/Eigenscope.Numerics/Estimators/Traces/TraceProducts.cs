using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Estimators.Traces;

/// <summary>Products in blocks, counted and checked, that can be cancelled in between.</summary>
internal sealed class TraceProducts(LinearOperator operand, int block, CancellationToken cancellation)
{
    private readonly OperatorProducts _products = new(operand);

    public int Dimension => operand.Rows;

    public int Count => _products.Count;

    /// <summary>What the products were divided by.</summary>
    public double Scale => _products.Scale;

    public int Block => block;

    public void Apply(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y)
    {
        for (int start = 0; start < x.Rows; start += block)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = Math.Min(block, x.Rows - start);
            if (!_products.TryApply(x.RowRange(start, count), y.RowRange(start, count)))
                throw new LinearAlgebraException("a product with the operator held a NaN or an infinity; check its data and parameters");
        }
    }
}
