using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Learning.Kernels;

/// <summary>
/// (F Fᵀ + sI)⁻¹ with F = K_nm L⁻ᵀ, L Lᵀ = K_mm, the Nyström approximation of K by m landmarks (Williams and Seeger 2001; as a preconditioner: Frangella, Tropp and Udell 2021). The shift s is the ridge plus the mean of what
/// the approximation leaves of K's trace: a kernel with a slowly decaying spectrum, as Laplace's, has its small eigenvalues there and not at the ridge.
/// </summary>
internal sealed class NystromPreconditioner : LinearOperator
{
    // Coincident landmarks leave K_mm singular; this much of its diagonal changes the preconditioner and not the solution.
    private const double Jitter = 1e-11;

    private readonly Tensor<double> _factor;
    private readonly CholeskyFactorization _core;
    private readonly double _shift;
    private readonly Compute _compute;

    private NystromPreconditioner(Tensor<double> factor, CholeskyFactorization core, double shift, Compute compute)
        : base(factor.Rows, factor.Rows, OperatorStructure.PositiveSemidefinite) =>
        (_factor, _core, _shift, _compute) = (factor, core, shift, compute);

    /// <inheritdoc/>
    public override double BlockCostPerVector => 0.2;

    /// <summary>Builds it from landmarks drawn uniformly without repetition, in a factor of n × m whose content is undefined.</summary>
    /// <exception cref="LinearAlgebraException">The landmarks' kernel matrix is not positive semidefinite.</exception>
    public static NystromPreconditioner Build(KernelGeometry geometry, double ridge, Tensor<double> factor, int blockRows, Compute compute, RandomStream random, CancellationToken cancellation)
    {
        int landmarks = factor.Columns;
        int[] chosen = [.. Enumerable.Range(0, geometry.Count)];
        random.Shuffle(chosen.AsSpan());
        MappedPoints points = Take(geometry.Points, chosen.AsSpan(0, landmarks));
        FillColumns(geometry, points, factor, blockRows, compute);
        cancellation.ThrowIfCancellationRequested();
        double trace = geometry.Trace();
        Tensor<double> square = new(landmarks, landmarks);
        for (int i = 0; i < landmarks; i++)
            factor.Row(chosen[i]).CopyTo(square.Row(i));
        for (int i = 0; i < landmarks; i++)
            square[i, i] *= 1.0 + (Jitter * landmarks);
        Factor(square, compute, cancellation);
        compute.ForEachPart(compute.Threads, part =>
        {
            (int start, int count) = Compute.PartRange(factor.Rows, part, compute.Threads);
            compute.Blas.SolveTriangular(square.AsMatrix(), MatrixOp.Transpose, factor.AsMatrix().RowRange(start, count), fromRight: true);
        });
        double left = Math.Max(0.0, trace - TensorPrimitives.SumOfSquares<double>(factor.Span));
        double shift = ridge + (left / geometry.Count) + (Jitter * trace / geometry.Count);
        return new NystromPreconditioner(factor, Core(factor, shift, compute, cancellation), shift, compute);
    }

    /// <inheritdoc/>
    protected override void ApplyCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y)
    {
        // Woodbury: (F Fᵀ + sI)⁻¹ = (I − F (sI + FᵀF)⁻¹ Fᵀ)/s.
        Tensor<double> projected = new(_factor.Columns, x.Rows);
        _compute.Multiply(1.0, _factor.AsMatrix(), MatrixOp.Transpose, x, MatrixOp.Transpose, 0.0, projected.AsMatrix());
        _core.Solve(projected.AsMatrix());
        x.CopyTo(y);
        _compute.Multiply(-1.0, projected.AsMatrix(), MatrixOp.Transpose, _factor.AsMatrix(), MatrixOp.Transpose, 1.0, y);
        for (int i = 0; i < y.Rows; i++)
            TensorPrimitives.Divide(y.Row(i), _shift, y.Row(i));
    }

    /// <inheritdoc/>
    protected override void ApplyAdjointCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y) => ApplyCore(x, y);

    private static CholeskyFactorization Core(Tensor<double> factor, double shift, Compute compute, CancellationToken cancellation)
    {
        Tensor<double> core = new(factor.Columns, factor.Columns);
        compute.Multiply(1.0, factor.AsMatrix(), MatrixOp.Transpose, factor.AsMatrix(), MatrixOp.None, 0.0, core.AsMatrix());
        for (int i = 0; i < core.Rows; i++)
            core[i, i] += shift;
        return Factor(core, compute, cancellation);
    }

    private static CholeskyFactorization Factor(Tensor<double> matrix, Compute compute, CancellationToken cancellation)
    {
        CholeskyFactorization factorization = CholeskyFactorization.Factor(matrix, compute, cancellation);
        return factorization.IsPositiveDefinite
            ? factorization
            : throw new LinearAlgebraException($"pivot {factorization.FailedPivot} of the preconditioner's {matrix.Rows} × {matrix.Rows} matrix was not positive; use fewer landmarks or a larger ridge");
    }

    private static MappedPoints Take(MappedPoints points, ReadOnlySpan<int> chosen)
    {
        Tensor<double> rows = new(chosen.Length, points.Rows.Columns);
        double[]? norms = points.SquaredNorms is null ? null : new double[chosen.Length];
        for (int i = 0; i < chosen.Length; i++)
        {
            points.Rows.Row(chosen[i]).CopyTo(rows.Row(i));
            if (norms is not null)
                norms[i] = points.SquaredNorms![chosen[i]];
        }
        return new MappedPoints(rows, norms);
    }

    // K_nm.
    private static void FillColumns(KernelGeometry geometry, MappedPoints landmarks, Tensor<double> columns, int blockRows, Compute compute)
    {
        int n = geometry.Count, m = landmarks.Rows.Rows;
        compute.ForEachPart((m + blockRows - 1) / blockRows, block =>
        {
            int start = block * blockRows, height = Math.Min(blockRows, m - start);
            double[] values = new double[height * n];
            geometry.Values(landmarks, start, new MatrixSpan<double>(values, height, n));
            for (int i = 0; i < n; i++)
            {
                Span<double> row = columns.Row(i).Slice(start, height);
                for (int j = 0; j < height; j++)
                    row[j] = values[(j * n) + i];
            }
        });
    }
}
