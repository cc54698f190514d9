using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Testing.Operators;

/// <summary>
/// The laws every <see cref="LinearOperator"/> keeps. A test project lists its <see cref="OperatorCase"/>s and calls <see cref="Check"/> for each: a new operator joins by one line.
/// </summary>
public static class OperatorConformance
{
    private const int BlockRows = 5;
    private static readonly int[] ThreadCounts = [1, 2, 3];

    /// <summary>Checks one case against every law, with 1, 2 and 3 threads.</summary>
    /// <param name="subject">The operator and its matrix.</param>
    /// <param name="blas">The dense kernels to run on.</param>
    /// <exception cref="ConformanceException">A law is broken.</exception>
    public static void Check(OperatorCase subject, BlasBackend blas)
    {
        ArgumentNullException.ThrowIfNull(subject);
        foreach (int threads in ThreadCounts)
        {
            LinearOperator candidate = subject.Create(new Compute(blas, threads));
            string where = $"{subject.Name}, {threads} threads";
            double bound = Bound(subject);
            Columns_are_those_of_the_matrix(candidate, subject.Dense, bound, where);
            Rows_are_those_of_the_matrix(candidate, subject.Dense, bound, where);
            Products_are_linear(candidate, bound, where);
            Adjoint_moves_across_the_inner_product(candidate, bound, where);
            Structure_is_as_claimed(candidate, subject.Dense, bound, where);
            Blocks_equal_single_vectors(candidate, bound, where);
            Strided_views_are_respected(candidate, bound, where);
            Same_block_gives_same_bits(candidate, where);
            Wrong_shapes_are_rejected(candidate, where);
            Overlapping_arguments_are_rejected(candidate, where);
        }
    }

    private static double Bound(OperatorCase subject)
    {
        double largest = 0;
        foreach (double entry in subject.Dense)
            largest = Math.Max(largest, Math.Abs(entry));
        return subject.Tolerance * Math.Max(largest, double.Epsilon / OperatorCase.Precision) * Math.Max(1, Math.Sqrt(Math.Max(subject.Dense.GetLength(0), subject.Dense.GetLength(1))));
    }

    private static void Columns_are_those_of_the_matrix(LinearOperator a, double[,] dense, double bound, string where)
    {
        Require(a.Rows == dense.GetLength(0) && a.Columns == dense.GetLength(1), $"{where}: expected {dense.GetLength(0)} × {dense.GetLength(1)}, the operator is {a.Rows} × {a.Columns}");
        Tensor<double> y = Apply(a, Units(a.Columns), adjoint: false);
        for (int j = 0; j < a.Columns; j++)
        {
            for (int i = 0; i < a.Rows; i++)
                RequireNear(y[j, i], dense[i, j], bound, $"{where}: entry ({i}, {j})");
        }
    }

    private static void Rows_are_those_of_the_matrix(LinearOperator a, double[,] dense, double bound, string where)
    {
        Tensor<double> y = Apply(a, Units(a.Rows), adjoint: true);
        for (int i = 0; i < a.Rows; i++)
        {
            for (int j = 0; j < a.Columns; j++)
                RequireNear(y[i, j], dense[i, j], bound, $"{where}: entry ({i}, {j}) by the adjoint");
        }
    }

    private static void Products_are_linear(LinearOperator a, double bound, string where)
    {
        Tensor<double> x = Normals(3, a.Columns, 1);
        const double Alpha = 1.5;
        const double Beta = -0.75;
        for (int j = 0; j < a.Columns; j++)
            x[2, j] = (Alpha * x[0, j]) + (Beta * x[1, j]);
        Tensor<double> y = Apply(a, x, adjoint: false);
        for (int i = 0; i < a.Rows; i++)
            RequireNear(y[2, i], (Alpha * y[0, i]) + (Beta * y[1, i]), 100 * bound, $"{where}: linearity at entry {i}");
    }

    private static void Adjoint_moves_across_the_inner_product(LinearOperator a, double bound, string where)
    {
        Tensor<double> x = Normals(1, a.Columns, 2);
        Tensor<double> y = Normals(1, a.Rows, 3);
        double left = Dot(Apply(a, x, adjoint: false), y);
        double right = Dot(x, Apply(a, y, adjoint: true));
        RequireNear(left, right, 100 * bound * Math.Sqrt(Math.Max(1, (double)a.Rows * a.Columns)), $"{where}: ⟨Ax, y⟩ = ⟨x, Aᵀy⟩");
    }

    private static void Structure_is_as_claimed(LinearOperator a, double[,] dense, double bound, string where)
    {
        for (int i = 0; a.IsSymmetric && i < a.Rows; i++)
        {
            for (int j = 0; j < a.Columns; j++)
            {
                RequireNear(dense[i, j], dense[j, i], bound, $"{where}: claimed symmetry at ({i}, {j})");
                if (a.Structure.HasFlag(OperatorStructure.Diagonal) && i != j)
                    RequireNear(dense[i, j], 0, bound, $"{where}: claimed zero off the diagonal at ({i}, {j})");
            }
        }
        if (a.Structure.HasFlag(OperatorStructure.PositiveSemidefinite))
            Require(IsPositiveSemidefinite(dense, bound), $"{where}: claims to be positive semidefinite, but its matrix has a negative eigenvalue");
    }

    private static void Blocks_equal_single_vectors(LinearOperator a, double bound, string where)
    {
        Tensor<double> x = Normals(BlockRows, a.Columns, 4);
        Tensor<double> block = Apply(a, x, adjoint: false);
        double[] single = new double[a.Rows];
        for (int i = 0; i < BlockRows; i++)
        {
            a.Apply(x.Row(i), single);
            for (int j = 0; j < a.Rows; j++)
                RequireNear(block[i, j], single[j], 100 * bound, $"{where}: vector {i} of a block, entry {j}");
        }
    }

    private static void Strided_views_are_respected(LinearOperator a, double bound, string where)
    {
        const int Gap = 3;
        const double Untouched = 42.0;
        Tensor<double> x = Normals(BlockRows, a.Columns + Gap, 5);
        Tensor<double> y = new(BlockRows, a.Rows + Gap);
        y.Span.Fill(Untouched);
        a.Apply(x.AsMatrix().ColumnRange(0, a.Columns), y.AsMatrix().ColumnRange(0, a.Rows));
        double[] single = new double[a.Rows];
        for (int i = 0; i < BlockRows; i++)
        {
            a.Apply(x.Row(i)[..a.Columns], single);
            for (int j = 0; j < a.Rows; j++)
                RequireNear(y[i, j], single[j], 100 * bound, $"{where}: vector {i} of a strided block, entry {j}");
            Require(y.Row(i)[a.Rows..].IndexOfAnyExcept(Untouched) < 0, $"{where}: a product wrote beyond its view");
        }
    }

    private static void Same_block_gives_same_bits(LinearOperator a, string where)
    {
        Tensor<double> x = Normals(BlockRows, a.Columns, 6);
        Tensor<double> first = Apply(a, x, adjoint: false);
        Apply(a, Normals(2, a.Columns, 7), adjoint: false);
        Require(Apply(a, x, adjoint: false).Span.SequenceEqual(first.Span), $"{where}: the same block gave other bits the second time");
    }

    private static void Wrong_shapes_are_rejected(LinearOperator a, string where)
    {
        RequireThrows(() => a.Apply(new double[a.Columns + 1], new double[a.Rows]), $"{where}: an argument too long");
        RequireThrows(() => a.Apply(new double[a.Columns], new double[a.Rows + 1]), $"{where}: a result too long");
        RequireThrows(() => a.Apply(new Tensor<double>(2, a.Columns).AsMatrix(), new Tensor<double>(3, a.Rows).AsMatrix()), $"{where}: blocks of different size");
        RequireThrows(() => a.ApplyAdjoint(new Tensor<double>(1, a.Rows + 1).AsMatrix(), new Tensor<double>(1, a.Columns).AsMatrix()), $"{where}: an adjoint argument too long");
    }

    private static void Overlapping_arguments_are_rejected(LinearOperator a, string where)
    {
        if (a.Rows == 0 || a.Columns == 0)
            return;
        double[] shared = new double[a.Rows + a.Columns - 1];
        RequireThrows(() => a.Apply(shared.AsSpan(0, a.Columns), shared.AsSpan(a.Columns - 1, a.Rows)), $"{where}: a result that overlaps the argument");
    }

    // Cholesky of A + bound·I, written out: no kernel under test is used.
    private static bool IsPositiveSemidefinite(double[,] matrix, double bound)
    {
        int n = matrix.GetLength(0);
        double[,] l = (double[,])matrix.Clone();
        for (int k = 0; k < n; k++)
        {
            double pivot = l[k, k] + (n * bound);
            if (pivot < 0)
                return false;
            for (int i = k + 1; i < n; i++)
            {
                double factor = pivot == 0 ? 0 : l[i, k] / pivot;
                for (int j = k + 1; j < n; j++)
                    l[i, j] -= factor * l[k, j];
            }
        }
        return true;
    }

    private static Tensor<double> Apply(LinearOperator a, Tensor<double> x, bool adjoint)
    {
        Tensor<double> y = new(x.Rows, adjoint ? a.Columns : a.Rows);
        y.Span.Fill(double.NaN);
        if (adjoint)
            a.ApplyAdjoint(x.AsMatrix(), y.AsMatrix());
        else
            a.Apply(x.AsMatrix(), y.AsMatrix());
        return y;
    }

    private static Tensor<double> Units(int n)
    {
        Tensor<double> result = new(n, n);
        for (int i = 0; i < n; i++)
            result[i, i] = 1.0;
        return result;
    }

    private static Tensor<double> Normals(int rows, int columns, ulong seed)
    {
        Tensor<double> result = new(rows, columns);
        new RandomStream(seed).FillNormal(result.Span);
        return result;
    }

    private static double Dot(Tensor<double> a, Tensor<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a.Span[i] * b.Span[i];
        return sum;
    }

    private static void RequireNear(double actual, double expected, double bound, string what)
    {
        if (!(Math.Abs(actual - expected) <= bound))
            throw new ConformanceException($"{what}: expected {expected:R}, got {actual:R}, bound {bound:G3}");
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
            throw new ConformanceException(message);
    }

    private static void RequireThrows(Action action, string what)
    {
        try
        {
            action();
        }
        catch (ArgumentException)
        {
            return;
        }
        throw new ConformanceException($"{what} was accepted");
    }
}
