using System.Globalization;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;
using Primitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Numerics.Solvers;

/// <summary>
/// The exact solve of a small operator: its matrix by products with blocks of unit vectors, and a dense eigendecomposition. Holds three n × n arrays.
/// </summary>
internal sealed class DenseEigensolver(OperatorProducts products, EigenOptions options, Compute compute, IProgress<EigenProgress>? progress, CancellationToken cancellation)
{
    private const double UnitRounding = 2.220446049250313e-16;
    private const int BlockRows = 32;
    private readonly int _dimension = products.Operator.Rows;

    public EigenPairs Solve()
    {
        Tensor<double> matrix = new(_dimension, _dimension);
        ConvergenceStatus? stop = Materialize(matrix.AsMatrix());
        if (stop is { } status)
            return Nothing(status);
        Tensor<double> vectors = Symmetrized(matrix.AsMatrix());
        double[] values = new double[_dimension];
        compute.Blas.SymmetricEigen(vectors.AsMatrix(), values);
        Reverse(vectors.AsMatrix(), values);
        double[] norms = ResidualNorms(matrix, vectors, values);
        return Result(vectors, values, norms);
    }

    /// <summary>Row i becomes A eᵢ, divided by the products' scale.</summary>
    private ConvergenceStatus? Materialize(MatrixSpan<double> matrix)
    {
        Tensor<double> units = new(Math.Min(BlockRows, _dimension), _dimension);
        for (int start = 0; start < _dimension; start += BlockRows)
        {
            if (cancellation.IsCancellationRequested)
                return ConvergenceStatus.Interrupted;
            int count = Math.Min(BlockRows, _dimension - start);
            units.Span.Clear();
            for (int i = 0; i < count; i++)
                units[i, start + i] = 1.0;
            // The scale is chosen at the first product that is not zero; rows before it are zero and need none.
            if (!products.TryApply(units.AsMatrix().RowRange(0, count), matrix.RowRange(start, count)))
                return ConvergenceStatus.NonFinite;
            progress?.Report(new EigenProgress(products.Count, _dimension, 0, _dimension));
        }
        return null;
    }

    private Tensor<double> Symmetrized(ReadOnlyMatrixSpan<double> matrix)
    {
        Tensor<double> result = new(_dimension, _dimension);
        double asymmetry = 0;
        double norm = 0;
        for (int i = 0; i < _dimension; i++)
        {
            norm = Math.Max(norm, Primitives.Norm(matrix.Row(i)));
            for (int j = 0; j <= i; j++)
            {
                asymmetry = Math.Max(asymmetry, Math.Abs(matrix[i, j] - matrix[j, i]));
                result[i, j] = result[j, i] = 0.5 * (matrix[i, j] + matrix[j, i]);
            }
        }
        if (asymmetry > BlockLanczosFactorization.AsymmetryTolerance * norm)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"the operator is declared symmetric, but its matrix differs from its transpose by {asymmetry / norm:G3} of its norm; check its product, or do not declare it symmetric"), nameof(matrix));
        return result;
    }

    private static void Reverse(MatrixSpan<double> vectors, Span<double> values)
    {
        values.Reverse();
        for (int low = 0, high = vectors.Rows - 1; low < high; low++, high--)
        {
            Span<double> a = vectors.Row(low);
            Span<double> b = vectors.Row(high);
            for (int i = 0; i < a.Length; i++)
                (a[i], b[i]) = (b[i], a[i]);
        }
    }

    /// <summary>‖A v − θ v‖ with the matrix as the operator gave it, before it was made symmetric.</summary>
    private double[] ResidualNorms(Tensor<double> matrix, Tensor<double> vectors, double[] values)
    {
        double[] norms = new double[_dimension];
        Tensor<double> images = new(Math.Min(BlockRows, _dimension), _dimension);
        for (int start = 0; start < _dimension; start += BlockRows)
        {
            int count = Math.Min(BlockRows, _dimension - start);
            MatrixSpan<double> block = images.AsMatrix().RowRange(0, count);
            compute.Multiply(1.0, vectors.AsMatrix().RowRange(start, count), MatrixOp.None, matrix.AsMatrix(), MatrixOp.None, 0.0, block);
            for (int i = 0; i < count; i++)
            {
                Primitives.MultiplyAdd(vectors.Row(start + i), -values[start + i], block.Row(i), block.Row(i));
                norms[start + i] = Primitives.Norm<double>(block.Row(i));
            }
        }
        return norms;
    }

    private EigenPairs Result(Tensor<double> vectors, double[] values, double[] norms)
    {
        double largest = Math.Max(Math.Abs(values[0]), Math.Abs(values[^1]));
        double[] residuals = Array.ConvertAll(norms, r => largest == 0 ? 0.0 : r / largest);
        double[] scaled = Array.ConvertAll(values, v => v * products.Scale);
        double tolerance = EigenPairsBuilder.MultiplicityTolerance(largest * products.Scale, residuals.Max());
        int bottom = Math.Min(options.Bottom, _dimension);
        return new EigenPairs
        {
            Dimension = _dimension,
            Values = scaled,
            Residuals = residuals,
            Vectors = options.KeepVectors ? vectors : null,
            Smallest = [.. scaled.Reverse().Take(bottom)],
            SmallestResiduals = [.. residuals.Reverse().Take(bottom)],
            SmallestVectors = options.KeepVectors && bottom > 0 ? LastRows(vectors, bottom) : null,
            Multiplicities = EigenPairsBuilder.Group(scaled, tolerance),
            MultiplicityTolerance = tolerance,
            IsComplete = true,
            Method = SymmetricEigensolver.DenseMethod,
            Convergence = Verdict(residuals.Max()),
        };
    }

    // The decomposition is exact to rounding; a residual beyond that is the operator's own: its matrix is not symmetric to the tolerance, as in single precision.
    private Convergence Verdict(double residual)
    {
        double rounding = 10.0 * _dimension * UnitRounding;
        bool within = residual <= Math.Max(options.Tolerance, rounding);
        string message = within
            ? string.Create(CultureInfo.InvariantCulture, $"All {_dimension} eigenvalues come from a dense decomposition.")
            : string.Create(CultureInfo.InvariantCulture, $"All {_dimension} eigenvalues come from a dense decomposition, but the operator's own rounding leaves residuals up to {residual:G2}, above the tolerance; ask for less, or compute in float64.");
        return new Convergence(within ? ConvergenceStatus.Converged : ConvergenceStatus.BudgetExhausted, products.Count, options.Tolerance, residual, message);
    }

    private static Tensor<double> LastRows(Tensor<double> vectors, int count)
    {
        Tensor<double> result = new(count, vectors.Columns);
        for (int i = 0; i < count; i++)
            vectors.Row(vectors.Rows - 1 - i).CopyTo(result.Row(i));
        return result;
    }

    private EigenPairs Nothing(ConvergenceStatus status)
    {
        string message = status == ConvergenceStatus.Interrupted
            ? "The solve was cancelled before the operator's matrix was complete; nothing was found."
            : "A product with the operator held a NaN or an infinity; check its data and parameters. Nothing was found.";
        return EigenPairsBuilder.Empty(_dimension, SymmetricEigensolver.DenseMethod, new Convergence(status, products.Count, options.Tolerance, double.NaN, message));
    }
}
