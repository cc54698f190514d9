using System.Globalization;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Tensors;
using Primitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Numerics.Solvers;

/// <summary>
/// The whole spectrum of A = Rᵀ R, R m × n with few rows, from the Gram matrix R Rᵀ: they share their eigenvalues other than zero. All min(m, n) eigenvalues are listed, the other n − m are exactly zero.
/// Vectors Rᵀ u / ‖Rᵀ u‖ are made for the pairs asked for only, orthonormalised in descending order; they are defined for eigenvalues above rounding, m · 2⁻⁵² θ_1, so that fewer may come.
/// Their residuals are those of products with A; the others', of products with the Gram matrix, which bound the error of the eigenvalue as well.
/// </summary>
public static class GramEigensolver
{
    private const string Method = "gram";
    private const double UnitRounding = 2.220446049250313e-16;

    /// <summary>Solves.</summary>
    /// <param name="gram">R Rᵀ, m × m, m ≥ 1; destroyed unless <paramref name="options"/> ask for vectors.</param>
    /// <param name="factor">R, with its adjoint.</param>
    /// <param name="operand">A, known by products of its own: what the vectors' residuals are measured on.</param>
    /// <param name="options">How many vectors (<see cref="EigenOptions.Top"/>, unless none are kept) and the tolerance of the verdict; nothing else is used.</param>
    /// <param name="compute">Where to compute.</param>
    /// <param name="cancellation">Ends between products; vectors whose residuals were not measured by then are left out.</param>
    /// <returns>The eigenpairs.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    /// <exception cref="LinearAlgebraException">The Gram matrix holds a NaN or an infinity.</exception>
    public static EigenPairs Solve(Tensor<double> gram, LinearOperator factor, LinearOperator operand, EigenOptions options, Compute compute, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(gram);
        ArgumentNullException.ThrowIfNull(factor);
        ArgumentNullException.ThrowIfNull(operand);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(compute);
        if (gram.Rows < 1 || gram.Columns != gram.Rows || factor.Rows != gram.Rows)
            throw new ArgumentException($"expected the {factor.Rows} × {factor.Rows} Gram matrix of the factor's rows, got {gram.Rows} × {gram.Columns}", nameof(gram));
        if (operand.Rows != factor.Columns || operand.Columns != factor.Columns)
            throw new ArgumentException($"expected an operator of dimension {factor.Columns}, got {operand.Rows} × {operand.Columns}", nameof(operand));
        int listed = Math.Min(gram.Rows, factor.Columns);
        Tensor<double> vectors = gram.Clone();
        double[] values = new double[gram.Rows];
        compute.Blas.SymmetricEigen(vectors.AsMatrix(), values);
        double[] residuals = GramResiduals(gram, vectors, values, compute);
        double[] descending = [.. values.Reverse().Take(listed).Select(static value => Math.Max(0.0, value))];
        double[] checkedResiduals = [.. residuals.Reverse().Take(listed)];
        int wanted = options.KeepVectors ? Math.Min(options.Top, descending.Count(value => value > gram.Rows * UnitRounding * descending[0])) : 0;
        Tensor<double>? kept = wanted == 0 ? null : Vectors(vectors, factor, wanted, compute);
        int measured = kept is null ? 0 : Measure(kept, operand, descending, checkedResiduals, cancellation);
        return Result(descending, checkedResiduals, Leading(kept, measured), operand.Rows, options, cancellation.IsCancellationRequested && measured < wanted);
    }

    private static double[] GramResiduals(Tensor<double> gram, Tensor<double> vectors, double[] values, Compute compute)
    {
        Tensor<double> images = new(gram.Rows, gram.Rows);
        compute.Multiply(1.0, vectors.AsMatrix(), MatrixOp.None, gram.AsMatrix(), MatrixOp.None, 0.0, images.AsMatrix());
        double[] residuals = new double[values.Length];
        for (int i = 0; i < values.Length && values[^1] > 0.0; i++)
        {
            Primitives.MultiplyAdd(vectors.Row(i), -values[i], images.Row(i), images.Row(i));
            residuals[i] = Primitives.Norm<double>(images.Row(i)) / values[^1];
        }
        return residuals;
    }

    // Vectors of small eigenvalues come out tilted towards those of large ones: QR in descending order takes that off and leaves every leading span as it is.
    private static Tensor<double> Vectors(Tensor<double> ascending, LinearOperator factor, int count, Compute compute)
    {
        Tensor<double> coefficients = new(count, ascending.Columns), vectors = new(count, factor.Columns);
        for (int j = 0; j < count; j++)
            ascending.Row(ascending.Rows - 1 - j).CopyTo(coefficients.Row(j));
        factor.ApplyAdjoint(coefficients.AsMatrix(), vectors.AsMatrix());
        Tensor<double> columns = new(factor.Columns, count), triangle = new(count, count);
        Transpose(vectors.AsMatrix(), columns.AsMatrix());
        compute.Blas.Qr(columns.AsMatrix(), triangle.AsMatrix());
        Transpose(columns.AsMatrix(), vectors.AsMatrix());
        return vectors;
    }

    private static void Transpose(ReadOnlyMatrixSpan<double> source, MatrixSpan<double> target)
    {
        for (int i = 0; i < source.Rows; i++)
        {
            ReadOnlySpan<double> row = source.Row(i);
            for (int j = 0; j < row.Length; j++)
                target[j, i] = row[j];
        }
    }

    /// <summary>Replaces the residuals of the pairs that have vectors; returns how many were measured.</summary>
    private static int Measure(Tensor<double> vectors, LinearOperator operand, double[] values, double[] residuals, CancellationToken cancellation)
    {
        double[] image = new double[operand.Rows];
        for (int j = 0; j < vectors.Rows; j++)
        {
            if (cancellation.IsCancellationRequested)
                return j;
            operand.Apply(vectors.Row(j), image);
            Primitives.MultiplyAdd<double>(vectors.Row(j), -values[j], image, image);
            residuals[j] = Primitives.Norm<double>(image) / values[0];
        }
        return vectors.Rows;
    }

    private static Tensor<double>? Leading(Tensor<double>? rows, int count) =>
        rows is null || count == 0 ? null : count == rows.Rows ? rows : new Tensor<double>(rows.Span[..(count * rows.Columns)].ToArray(), count, rows.Columns);

    private static EigenPairs Result(double[] values, double[] residuals, Tensor<double>? vectors, int dimension, EigenOptions options, bool interrupted)
    {
        int products = vectors?.Rows ?? 0;
        double largest = residuals.Max();
        double tolerance = EigenPairsBuilder.MultiplicityTolerance(values[0], largest);
        return new EigenPairs
        {
            Dimension = dimension,
            Values = values,
            Residuals = residuals,
            UnlistedZeros = dimension - values.Length,
            Vectors = vectors,
            Multiplicities = EigenPairsBuilder.Group(values, tolerance),
            MultiplicityTolerance = tolerance,
            IsComplete = true,
            Method = Method,
            Convergence = Verdict(values.Length, dimension - values.Length, products, largest, options, interrupted),
        };
    }

    private static Convergence Verdict(int listed, int zeros, int products, double residual, EigenOptions options, bool interrupted)
    {
        bool within = residual <= Math.Max(options.Tolerance, 10.0 * listed * UnitRounding);
        string what = string.Create(CultureInfo.InvariantCulture, $"The whole spectrum comes from a Gram matrix: {listed} eigenvalues, and {zeros} more that are zero; the residuals of the first {products} were measured on the operator");
        (ConvergenceStatus status, string end) = interrupted ? (ConvergenceStatus.Interrupted, ", before the solve was cancelled.")
            : within ? (ConvergenceStatus.Converged, ".")
            : (ConvergenceStatus.BudgetExhausted, string.Create(CultureInfo.InvariantCulture, $", and the operator's own rounding leaves up to {residual:G2}, above the tolerance; ask for less, or compute in float64."));
        return new Convergence(status, products, options.Tolerance, residual, what + end);
    }
}
