using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Theory.ClassMeans;

/// <summary>The factor from explicit rows: the mean gradients need have no structure.</summary>
internal sealed class RowFactor : ClassMeanFactor
{
    private readonly ClassMeanRows _rows;
    private readonly Tensor<double> _factor;

    public RowFactor(ClassMeanRows rows, Compute compute)
    {
        _rows = rows;
        Tensor<double>[] roots = [.. Enumerable.Range(0, rows.Classes).Select(c => Root(rows.LossHessian(c), compute))];
        _factor = new Tensor<double>(roots.Sum(static root => root.Rows), rows.Dimension);
        int start = 0;
        for (int c = 0; c < roots.Length; c++)
        {
            compute.Multiply(Math.Sqrt(rows.Shares[c]), roots[c].AsMatrix(), MatrixOp.None, rows.Gradient(c), MatrixOp.None, 0.0, _factor.AsMatrix().RowRange(start, roots[c].Rows));
            start += roots[c].Rows;
        }
    }

    public override int Rows => _factor.Rows;

    public override int Dimension => _factor.Columns;

    public override LinearOperator Gram(Compute compute)
    {
        Tensor<double> gram = new(Rows, Rows);
        compute.Multiply(1.0, _factor.AsMatrix(), MatrixOp.None, _factor.AsMatrix(), MatrixOp.Transpose, 0.0, gram.AsMatrix());
        return new DenseOperator(gram, compute, OperatorStructure.PositiveSemidefinite);
    }

    public override double Trace()
    {
        double trace = 0.0;
        for (int c = 0; c < _rows.Classes; c++)
            trace += _rows.Shares[c] * Curvature(_rows.LossHessian(c), _rows.Gradient(c));
        return trace;
    }

    public override void MultiplyAdjoint(ReadOnlyMatrixSpan<double> coefficients, MatrixSpan<double> result, Compute compute) =>
        compute.Multiply(1.0, coefficients, MatrixOp.None, _factor.AsMatrix(), MatrixOp.None, 0.0, result);
}
