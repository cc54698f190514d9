using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Theory.ClassMeans;

/// <summary>
/// The Hessian of a layer's weight predicted from class means: the layer's Gauss–Newton matrix with every factor replaced by its class mean, Ĝ = Σ_c (n_c/N) (B_cᵀ Λ̄_c B_c) ⊗ (μ_c μ_cᵀ) for a dense layer
/// (<see cref="ClassMeanLayer"/>), Σ_c (n_c/N) R_cᵀ Λ̄_c R_c for any (<see cref="ClassMeanRows"/>).
/// Exact where features and Jacobians have collapsed (the deep linear unconstrained feature model of arXiv 2404.06106 at its optimum). Its rank is at most K² with the mean squared error and K (K − 1) with
/// cross-entropy. The eigenpairs are those of the Gram matrix of Ĝ's factor, of that order, by a dense solve where it is small and by its products alone where it is not.
/// </summary>
public sealed class ClassMeanHessian
{
    private const double GroupTolerance = 1e-8;
    private const double SolverTolerance = 1e-10;
    private readonly ClassMeanFactor _factor;
    private readonly EigenPairs _gram;
    private readonly Compute _compute;

    private ClassMeanHessian(ClassMeanFactor factor, EigenPairs gram, Compute compute)
    {
        (_factor, _gram, _compute) = (factor, gram, compute);
        double cut = gram.Values.Count == 0 ? 0.0 : ClassMeanGuard.RoundingUnits * factor.Rows * Math.Max(gram.Values[0], 0.0);
        Eigenvalues = [.. gram.Values.TakeWhile(value => value > cut)];
        IsComplete = gram.IsComplete || Eigenvalues.Count < gram.Values.Count;
        Trace = factor.Trace();
    }

    /// <summary>The predicted eigenvalues, descending and positive: what is zero to rounding is left out. All of them after a dense solve, else as many as were asked for.</summary>
    public IReadOnlyList<double> Eigenvalues { get; }

    /// <summary>Whether all other eigenvalues are zero to rounding.</summary>
    public bool IsComplete { get; }

    /// <summary>tr Ĝ, for a dense layer Σ_c (n_c/N) tr(Λ̄_c B_c B_cᵀ) ‖μ_c‖², from the class means and not from <see cref="Eigenvalues"/>.</summary>
    public double Trace { get; }

    /// <summary>Number of the weight's entries: d_out · d_in for a dense layer.</summary>
    public int Dimension => _factor.Dimension;

    /// <summary>The verdict on the eigenvalues.</summary>
    public Convergence Convergence => _gram.Convergence;

    /// <summary>Predicts a dense layer's Hessian.</summary>
    /// <param name="layer">The class means.</param>
    /// <param name="pairs">How many of the largest eigenpairs are wanted, ≥ 1; a dense solve gives all.</param>
    /// <param name="compute">Where to compute.</param>
    /// <param name="random">Start vectors of an iterative solve; consumed.</param>
    /// <param name="cancellation">Ends an iterative solve with what is there; the verdict says so.</param>
    /// <returns>The prediction.</returns>
    /// <exception cref="ArgumentException"><paramref name="pairs"/> is below 1.</exception>
    public static ClassMeanHessian Predict(ClassMeanLayer layer, int pairs, Compute compute, RandomStream random, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return Predict(compute => new KroneckerFactor(layer, compute), pairs, compute, random, cancellation);
    }

    /// <summary>Predicts any layer's Hessian, Σ_c (n_c/N) R_cᵀ Λ̄_c R_c, from explicit rows.</summary>
    /// <param name="rows">The class means.</param>
    /// <param name="pairs">How many of the largest eigenpairs are wanted, ≥ 1; a dense solve gives all.</param>
    /// <param name="compute">Where to compute.</param>
    /// <param name="random">Start vectors of an iterative solve; consumed.</param>
    /// <param name="cancellation">Ends an iterative solve with what is there; the verdict says so.</param>
    /// <returns>The prediction; its eigenvectors lie as the rows do.</returns>
    /// <exception cref="ArgumentException"><paramref name="pairs"/> is below 1.</exception>
    public static ClassMeanHessian Predict(ClassMeanRows rows, int pairs, Compute compute, RandomStream random, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return Predict(compute => new RowFactor(rows, compute), pairs, compute, random, cancellation);
    }

    private static ClassMeanHessian Predict(Func<Compute, ClassMeanFactor> make, int pairs, Compute compute, RandomStream random, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(compute);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfLessThan(pairs, 1);
        ClassMeanFactor factor = make(compute);
        EigenOptions options = new() { Top = Math.Min(pairs, factor.Rows), Tolerance = SolverTolerance };
        EigenPairs gram = SymmetricEigensolver.Solve(factor.Gram(compute), options, compute, random, null, cancellation);
        return new ClassMeanHessian(factor, gram, compute);
    }

    /// <summary>The first predicted eigenvectors.</summary>
    /// <param name="count">How many, 1 … the number of <see cref="Eigenvalues"/>.</param>
    /// <returns>count × <see cref="Dimension"/>, orthonormal rows in the order of <see cref="Eigenvalues"/>; each is laid out as the weight is: row-major d_out × d_in for a dense layer. Vector j is accurate to about eps θ̂_1/θ̂_j.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is out of range.</exception>
    public Tensor<double> Eigenvectors(int count)
    {
        if (count < 1 || count > Eigenvalues.Count)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"expected 1 … {Eigenvalues.Count} of the predicted eigenvectors");
        Tensor<double> vectors = new(count, Dimension);
        _factor.MultiplyAdjoint(_gram.Vectors!.AsMatrix().RowRange(0, count), vectors.AsMatrix(), _compute);
        for (int j = 0; j < count; j++)
            TensorPrimitives.Divide(vectors.Row(j), Math.Sqrt(Eigenvalues[j]), vectors.Row(j));
        Orthonormalize(vectors);
        return vectors;
    }

    /// <summary>The eigenvalues in groups: neighbours closer than 1e-8 of the largest are one value, their mean.</summary>
    /// <returns>Values with multiplicities, descending.</returns>
    public IReadOnlyList<PredictedGroup> Groups()
    {
        List<PredictedGroup> groups = [];
        int start = 0;
        for (int end = 1; end <= Eigenvalues.Count; end++)
        {
            if (end < Eigenvalues.Count && Eigenvalues[end - 1] - Eigenvalues[end] <= GroupTolerance * Eigenvalues[0])
                continue;
            groups.Add(new PredictedGroup(Eigenvalues.Skip(start).Take(end - start).Average(), end - start));
            start = end;
        }
        return groups;
    }

    // Vectors of small eigenvalues come out of the Gram matrix tilted towards those of large ones: QR in descending order takes that off, and leaves every leading span as it is.
    private void Orthonormalize(Tensor<double> vectors)
    {
        Tensor<double> columns = new(vectors.Columns, vectors.Rows);
        Transpose(vectors, columns);
        Tensor<double> triangle = new(vectors.Rows, vectors.Rows);
        _compute.Blas.Qr(columns.AsMatrix(), triangle.AsMatrix());
        Transpose(columns, vectors);
    }

    private static void Transpose(Tensor<double> source, Tensor<double> target)
    {
        MatrixSpan<double> to = target.AsMatrix();
        for (int i = 0; i < source.Rows; i++)
        {
            ReadOnlySpan<double> row = source.Row(i);
            for (int j = 0; j < row.Length; j++)
                to[j, i] = row[j];
        }
    }
}
