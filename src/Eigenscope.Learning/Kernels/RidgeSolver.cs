using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Kernels;

/// <summary>Solves (K + μI) α = Y: by Cholesky where the matrix fits the memory allowed, else by preconditioned conjugate gradients.</summary>
internal sealed class RidgeSolver(KernelGeometry geometry, RidgeOptions options, RidgeWorkspace workspace, Compute compute)
{
    private int Count => geometry.Count;

    public RidgeSolution Solve(Tensor<double> targets, RandomStream random, CancellationToken cancellation)
    {
        bool fits = sizeof(double) * (long)Count * Count <= options.MemoryBytes && (long)Count * Count <= Array.MaxLength;
        return fits ? Factor(targets, cancellation) : Iterate(targets, random, cancellation);
    }

    private RidgeSolution Factor(Tensor<double> targets, CancellationToken cancellation)
    {
        Tensor<double> matrix = Matrix(cancellation);
        CholeskyFactorization factorization = CholeskyFactorization.Factor(matrix, compute, cancellation);
        if (!factorization.IsPositiveDefinite)
            throw new LinearAlgebraException(NotPositive(factorization.FailedPivot));
        Tensor<double> coefficients = targets.Clone();
        factorization.Solve(coefficients.AsMatrix());
        Convergence verdict = new(ConvergenceStatus.Converged, 0, 0.0, 0.0, $"factored {Count} × {Count} by Cholesky");
        return new RidgeSolution(coefficients, RidgeMethod.Cholesky, 0, null, verdict);
    }

    // The lower triangle of K + μI; what lies above it stays undefined.
    private Tensor<double> Matrix(CancellationToken cancellation)
    {
        Tensor<double> matrix = workspace.Matrix(Count);
        int blocks = (Count + KernelGeometry.BlockRows - 1) / KernelGeometry.BlockRows;
        compute.ForEachPart(blocks, task =>
        {
            if (cancellation.IsCancellationRequested)
                return;
            int start = (blocks - 1 - task) * KernelGeometry.BlockRows;
            int height = Math.Min(KernelGeometry.BlockRows, Count - start);
            geometry.Values(geometry.Points, start, matrix.AsMatrix().RowRange(start, height).ColumnRange(0, start + height));
        });
        cancellation.ThrowIfCancellationRequested();
        for (int i = 0; i < Count; i++)
            matrix[i, i] += options.Ridge;
        return matrix;
    }

    private RidgeSolution Iterate(Tensor<double> targets, RandomStream random, CancellationToken cancellation)
    {
        RidgeBudget budget = RidgeBudget.Of(Count, options, compute.Threads);
        NystromPreconditioner preconditioner = NystromPreconditioner.Build(geometry, options.Ridge, workspace.Factor(Count, budget.Landmarks), budget.BlockRows, compute, random.Split("landmarks"), cancellation);
        double[][] blocks = workspace.Blocks(compute.Threads, (long)budget.BlockRows * Count);
        KernelOperator<double> exact = new(geometry, options.Ridge, [], blocks, budget.BlockRows, compute);
        KernelOperator<float> approximation = new(geometry, options.Ridge, workspace.Kept(budget.KeptEntries), blocks, budget.BlockRows, compute);
        LinearSolution solution = ConjugateGradients.Solve(exact, targets.Transposed().AsMatrix(), preconditioner, options.Tolerance, options.MaxIterations, approximation, cancellation);
        cancellation.ThrowIfCancellationRequested();
        if (solution.Convergence.Status == ConvergenceStatus.NonFinite)
            throw new LinearAlgebraException($"conjugate gradients broke down on the kernel matrix of {Count} points plus the ridge {options.Ridge:g6}: it is not positive definite to rounding; raise the ridge");
        return new RidgeSolution(solution.Values.Transposed(), RidgeMethod.ConjugateGradients, solution.Iterations, solution.RelativeResidual, solution.Convergence);
    }

    private string NotPositive(int pivot)
    {
        string matrix = $"the kernel matrix of {Count} points plus the ridge {options.Ridge:g6} is not positive definite (pivot {pivot} is not positive)";
        return Twin(pivot) is { } twin
            ? $"{matrix}: points {twin} and {pivot} coincide under the metric; raise the ridge or remove duplicates. Nothing was added to the diagonal beyond the ridge asked for"
            : $"{matrix}; raise the ridge, or change the kernel. Nothing was added to the diagonal beyond the ridge asked for";
    }

    // An earlier point that lies where the given one does.
    private int? Twin(int point)
    {
        for (int i = 0; i < point; i++)
        {
            if (geometry.Points.Rows.Row(i).SequenceEqual(geometry.Points.Rows.Row(point)))
                return i;
        }
        return null;
    }
}
