using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Numerics.Tests.Blas;

/// <summary>Matrices with known properties and slow references, row-major and contiguous.</summary>
internal static class TestMatrices
{
    /// <summary>m × n independent standard normals.</summary>
    public static double[] Random(int rows, int columns, ulong seed)
    {
        double[] entries = new double[rows * columns];
        new RandomStream(seed).FillNormal(entries);
        return entries;
    }

    public static double[] RandomSymmetric(int n, ulong seed)
    {
        double[] a = Random(n, n, seed);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < i; j++)
                a[(j * n) + i] = a[(i * n) + j];
        }
        return a;
    }

    public static double[] Identity(int n) => Diagonal(n, n, [.. Enumerable.Repeat(1.0, n)]);

    public static double[] Diagonal(int rows, int columns, double[] diagonal)
    {
        double[] a = new double[rows * columns];
        for (int i = 0; i < diagonal.Length; i++)
            a[(i * columns) + i] = diagonal[i];
        return a;
    }

    /// <summary>Q diag(values) Qᵀ, symmetric to the bit, Q a product of three random reflectors.</summary>
    public static double[] WithEigenvalues(double[] values, ulong seed)
    {
        int n = values.Length;
        double[] a = Diagonal(n, n, values);
        foreach (double[] v in UnitVectors(n, seed))
        {
            Reflect(a, n, n, v);
            a = Transpose(a, n, n);
            Reflect(a, n, n, v);
        }
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < i; j++)
                a[(j * n) + i] = a[(i * n) + j];
        }
        return a;
    }

    /// <summary>An m × n matrix with the given min(m, n) singular values.</summary>
    public static double[] WithSingularValues(int rows, int columns, double[] values, ulong seed)
    {
        double[] a = Diagonal(rows, columns, values);
        foreach (double[] v in UnitVectors(rows, seed))
            Reflect(a, rows, columns, v);
        a = Transpose(a, rows, columns);
        foreach (double[] v in UnitVectors(columns, seed + 1))
            Reflect(a, columns, rows, v);
        return Transpose(a, columns, rows);
    }

    public static double[] Transpose(double[] a, int rows, int columns)
    {
        double[] t = new double[a.Length];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
                t[(j * rows) + i] = a[(i * columns) + j];
        }
        return t;
    }

    /// <summary>The product by three loops.</summary>
    public static double[] Multiply(double[] a, double[] b, int rows, int inner, int columns)
    {
        double[] c = new double[rows * columns];
        for (int i = 0; i < rows; i++)
        {
            for (int p = 0; p < inner; p++)
            {
                for (int j = 0; j < columns; j++)
                    c[(i * columns) + j] += a[(i * inner) + p] * b[(p * columns) + j];
            }
        }
        return c;
    }

    public static double[] Scale(double[] a, double factor) => [.. a.Select(x => x * factor)];

    public static double FrobeniusNorm(IEnumerable<double> a) => Math.Sqrt(a.Sum(x => x * x));

    public static double LargestMagnitude(IEnumerable<double> a) => a.Select(Math.Abs).DefaultIfEmpty(0.0).Max();

    private static double[][] UnitVectors(int n, ulong seed)
    {
        RandomStream stream = new(seed);
        double[][] vectors = new double[3][];
        for (int k = 0; k < vectors.Length; k++)
        {
            double[] v = new double[n];
            stream.FillNormal(v);
            vectors[k] = Scale(v, 1.0 / FrobeniusNorm(v));
        }
        return vectors;
    }

    // A ← (I − 2 v vᵀ) A
    private static void Reflect(double[] a, int rows, int columns, double[] v)
    {
        for (int j = 0; j < columns; j++)
        {
            double sum = 0.0;
            for (int i = 0; i < rows; i++)
                sum += v[i] * a[(i * columns) + j];
            for (int i = 0; i < rows; i++)
                a[(i * columns) + j] -= 2.0 * sum * v[i];
        }
    }
}
