using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Theory.ClassMeans;

/// <summary>
/// Ĝ = Fᵀ F, F of rows a ⊗ μ_c with a the rows of A_c = √(n_c/N) S_c B_c and Λ̄_c = S_cᵀ S_c. S_c has a row for each eigenvalue of Λ̄_c that is not rounding, so that F has no more rows than Ĝ's rank
/// allows: K² for the identity, K (K − 1) for cross-entropy, whose Λ̄_c do not see a constant.
/// </summary>
internal sealed class KroneckerFactor : ClassMeanFactor
{
    private readonly int[] _offsets;

    public KroneckerFactor(ClassMeanLayer layer, Compute compute)
    {
        Layer = layer;
        Tensor<double>[] roots = [.. Enumerable.Range(0, layer.Classes).Select(c => Root(layer.LossHessian(c), compute))];
        _offsets = new int[layer.Classes + 1];
        for (int c = 0; c < roots.Length; c++)
            _offsets[c + 1] = _offsets[c] + roots[c].Rows;
        Stacked = new Tensor<double>(_offsets[^1], layer.Outputs);
        for (int c = 0; c < roots.Length; c++)
            compute.Multiply(Math.Sqrt(layer.Shares[c]), roots[c].AsMatrix(), MatrixOp.None, layer.Jacobian(c), MatrixOp.None, 0.0, Stacked.AsMatrix().RowRange(_offsets[c], roots[c].Rows));
    }

    public ClassMeanLayer Layer { get; }

    /// <summary>All A_c, one below the other: r × d_out.</summary>
    public Tensor<double> Stacked { get; }

    public override int Rows => Stacked.Rows;

    public override int Dimension => Layer.Outputs * Layer.Inputs;

    public (int Start, int Count) Range(int c) => (_offsets[c], _offsets[c + 1] - _offsets[c]);

    /// <summary>A_c.</summary>
    public ReadOnlyMatrixSpan<double> Block(int c) => Stacked.AsMatrix().RowRange(_offsets[c], _offsets[c + 1] - _offsets[c]);

    public override LinearOperator Gram(Compute compute) => new KroneckerGramOperator(this, compute);

    public override double Trace()
    {
        double trace = 0.0;
        for (int c = 0; c < Layer.Classes; c++)
            trace += Layer.Shares[c] * Curvature(Layer.LossHessian(c), Layer.Jacobian(c)) * Layer.SquaredMeanNorm(c);
        return trace;
    }

    /// <summary>Each row of the result is the row-major layout of a d_out × d_in matrix.</summary>
    public override void MultiplyAdjoint(ReadOnlyMatrixSpan<double> coefficients, MatrixSpan<double> result, Compute compute)
    {
        int outputs = Layer.Outputs;
        Tensor<double> backward = new(coefficients.Rows, Layer.Classes * outputs);
        for (int c = 0; c < Layer.Classes; c++)
        {
            (int start, int count) = Range(c);
            compute.Multiply(1.0, coefficients.ColumnRange(start, count), MatrixOp.None, Block(c), MatrixOp.None, 0.0, backward.AsMatrix().ColumnRange(c * outputs, outputs));
        }
        for (int j = 0; j < coefficients.Rows; j++)
        {
            ReadOnlyMatrixSpan<double> weights = new(backward.Row(j), Layer.Classes, outputs);
            compute.Multiply(1.0, weights, MatrixOp.Transpose, Layer.Features.AsMatrix(), MatrixOp.None, 0.0, new MatrixSpan<double>(result.Row(j), outputs, Layer.Inputs));
        }
    }
}
