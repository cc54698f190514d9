using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Blas.Managed;

/// <summary>
/// Implicit QL with Wilkinson's shift for a symmetric tridiagonal matrix (Parlett, "The Symmetric Eigenvalue Problem", §8; EISPACK imtql2). The rotations of many sweeps are kept and
/// applied together by <see cref="RotationSweeps"/>, since one sweep at a time would read all eigenvectors from memory for every sweep.
/// </summary>
internal static class TridiagonalQl
{
    // LAPACK's dsteqr gives up after 30 sweeps for each eigenvalue; the mean is below 2.
    private const int SweepsPerValue = 30;
    private const double Epsilon = 1.0 / (1L << 53);

    // The matrix is scaled to order 1: a coupling below this changes no eigenvalue by more than that.
    private const double NegligibleCoupling = 1e-40;

    /// <summary>Overwrites the diagonal with the eigenvalues, ascending, and turns the rows of <paramref name="vectors"/> along.</summary>
    /// <param name="diagonal">n entries of order 1 at most.</param>
    /// <param name="coupling">coupling[i] joins i and i + 1; n entries, the last is scratch; destroyed.</param>
    /// <param name="vectors">n rows to rotate, or an empty view.</param>
    /// <exception cref="LinearAlgebraException">No convergence.</exception>
    public static void Solve(Span<double> diagonal, Span<double> coupling, MatrixSpan<double> vectors)
    {
        RotationSweeps? sweeps = vectors.Rows > 0 ? new RotationSweeps(vectors.Rows) : null;
        int budget = SweepsPerValue * diagonal.Length;
        for (int l = 0; l < diagonal.Length; l++)
        {
            for (int end = BlockEnd(diagonal, coupling, l); end > l; end = BlockEnd(diagonal, coupling, l))
            {
                if (budget-- == 0)
                    throw new LinearAlgebraException($"implicit QL did not converge on a tridiagonal matrix of dimension {diagonal.Length}");
                sweeps?.Reserve(end - l, vectors);
                Sweep(diagonal, coupling, l, end, sweeps);
            }
        }
        sweeps?.Flush(vectors);
        sweeps?.Release();
        Sort(diagonal, vectors);
    }

    private static int BlockEnd(ReadOnlySpan<double> diagonal, ReadOnlySpan<double> coupling, int start)
    {
        int m = start;
        while (m < diagonal.Length - 1 && Math.Abs(coupling[m]) > (Epsilon * (Math.Abs(diagonal[m]) + Math.Abs(diagonal[m + 1]))) + NegligibleCoupling)
            m++;
        return m;
    }

    private static void Sweep(Span<double> diagonal, Span<double> coupling, int l, int m, RotationSweeps? sweeps)
    {
        double g = (diagonal[l + 1] - diagonal[l]) / (2.0 * coupling[l]);
        g = diagonal[m] - diagonal[l] + (coupling[l] / (g + Math.CopySign(double.Hypot(g, 1.0), g)));
        double s = 1.0, c = 1.0, p = 0.0;
        sweeps?.Begin(m);
        for (int i = m - 1; i >= l; i--)
        {
            double f = s * coupling[i];
            double b = c * coupling[i];
            double r = double.Hypot(f, g);
            coupling[i + 1] = r;
            if (r == 0.0)
            {
                diagonal[i + 1] -= p;
                coupling[m] = 0.0;
                return;
            }
            (s, c) = (f / r, g / r);
            g = diagonal[i + 1] - p;
            r = ((diagonal[i] - g) * s) + (2.0 * c * b);
            p = s * r;
            diagonal[i + 1] = g + p;
            g = (c * r) - b;
            sweeps?.Add(c, s);
        }
        diagonal[l] -= p;
        coupling[l] = g;
        coupling[m] = 0.0;
    }

    private static void Sort(Span<double> values, MatrixSpan<double> vectors)
    {
        for (int i = 0; i < values.Length - 1; i++)
        {
            int smallest = i;
            for (int j = i + 1; j < values.Length; j++)
            {
                if (values[j] < values[smallest])
                    smallest = j;
            }
            if (smallest == i)
                continue;
            (values[i], values[smallest]) = (values[smallest], values[i]);
            if (vectors.Rows > 0)
                VectorLoops.Swap(vectors.Row(i), vectors.Row(smallest));
        }
    }
}
