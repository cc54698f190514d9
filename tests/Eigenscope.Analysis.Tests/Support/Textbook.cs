using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Tests.Support;

/// <summary>
/// The definitions written out with loops over jagged arrays, for small problems: explicit d × d scatter matrices, a cyclic Jacobi eigensolver, the pseudo-inverse through it.
/// Shares no code with what it checks.
/// </summary>
internal static class Textbook
{
    public const double Epsilon = 2.220446049250313e-16;

    public static double[][] Rows(Tensor<double> matrix)
    {
        double[][] rows = new double[matrix.Rows][];
        for (int i = 0; i < rows.Length; i++)
            rows[i] = matrix.Row(i).ToArray();
        return rows;
    }

    public static Tensor<double> ToTensor(double[][] rows) => new(rows.SelectMany(r => r).ToArray(), rows.Length, rows[0].Length);

    public static double[][] Zeros(int rows, int columns) => Enumerable.Range(0, rows).Select(_ => new double[columns]).ToArray();

    public static double[][] Transpose(double[][] a)
    {
        double[][] t = Zeros(a[0].Length, a.Length);
        for (int i = 0; i < a.Length; i++)
            for (int j = 0; j < a[0].Length; j++)
                t[j][i] = a[i][j];
        return t;
    }

    public static double[][] Product(double[][] a, double[][] b)
    {
        double[][] c = Zeros(a.Length, b[0].Length);
        for (int i = 0; i < a.Length; i++)
            for (int j = 0; j < b[0].Length; j++)
                for (int l = 0; l < b.Length; l++)
                    c[i][j] += a[i][l] * b[l][j];
        return c;
    }

    public static double Trace(double[][] a) => Enumerable.Range(0, a.Length).Sum(i => a[i][i]);

    public static double Norm(double[][] a) => Math.Sqrt(a.Sum(r => r.Sum(x => x * x)));

    public static double Norm(double[] a) => Math.Sqrt(a.Sum(x => x * x));

    public static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    public static double[] Minus(double[] a, double[] b) => a.Zip(b, (x, y) => x - y).ToArray();

    public static double[][] ClassMeans(double[][] x, int[] labels, int classes)
    {
        double[][] means = Zeros(classes, x[0].Length);
        for (int c = 0; c < classes; c++)
        {
            double[][] members = x.Where((_, i) => labels[i] == c).ToArray();
            for (int j = 0; j < x[0].Length; j++)
                means[c][j] = members.Average(r => r[j]);
        }
        return means;
    }

    public static double[] Mean(double[][] rows) => Enumerable.Range(0, rows[0].Length).Select(j => rows.Average(r => r[j])).ToArray();

    public static double[][] Centred(double[][] rows)
    {
        double[] mean = Mean(rows);
        return rows.Select(r => Minus(r, mean)).ToArray();
    }

    /// <summary>(1/rows) Σ r rᵀ.</summary>
    public static double[][] Moment(double[][] rows)
    {
        double[][] m = Product(Transpose(rows), rows);
        return m.Select(r => r.Select(v => v / rows.Length).ToArray()).ToArray();
    }

    public static double[][] SigmaW(double[][] x, int[] labels, int classes)
    {
        double[][] means = ClassMeans(x, labels, classes);
        return Moment(x.Select((r, i) => Minus(r, means[labels[i]])).ToArray());
    }

    public static double[][] SigmaB(double[][] x, int[] labels, int classes) => Moment(Centred(ClassMeans(x, labels, classes)));

    public static double TraceRatio(double[][] x, int[] labels, int classes) =>
        Trace(SigmaW(x, labels, classes)) / Trace(SigmaB(x, labels, classes));

    public static double PseudoInverseNc1(double[][] x, int[] labels, int classes)
    {
        int rank = Math.Min(classes - 1, x[0].Length);
        return Trace(Product(SigmaW(x, labels, classes), PseudoInverse(SigmaB(x, labels, classes), rank))) / classes;
    }

    public static double Cdnv(double[][] x, int[] labels, int classes)
    {
        double[][] means = ClassMeans(x, labels, classes);
        double[] variances = Enumerable.Range(0, classes)
            .Select(c => x.Where((_, i) => labels[i] == c).Average(r => Dot(Minus(r, means[c]), Minus(r, means[c])))).ToArray();
        List<double> pairs = [];
        for (int a = 0; a < classes; a++)
            for (int b = a + 1; b < classes; b++)
                pairs.Add((variances[a] + variances[b]) / (2 * Math.Pow(Norm(Minus(means[a], means[b])), 2)));
        return pairs.Average();
    }

    public static double Equinorm(double[][] means)
    {
        double[] norms = Centred(means).Select(Norm).ToArray();
        double mean = norms.Average();
        return Math.Sqrt(norms.Average(v => (v - mean) * (v - mean))) / mean;
    }

    public static double Equiangle(double[][] means)
    {
        double[][] centred = Centred(means);
        List<double> pairs = [];
        for (int a = 0; a < means.Length; a++)
            for (int b = a + 1; b < means.Length; b++)
                pairs.Add(Math.Abs((Dot(centred[a], centred[b]) / Norm(centred[a]) / Norm(centred[b])) + (1.0 / (means.Length - 1))));
        return pairs.Average();
    }

    public static double GramDistance(double[][] rows, double offDiagonal)
    {
        double sum = 0;
        for (int a = 0; a < rows.Length; a++)
            for (int b = 0; b < rows.Length; b++)
                sum += Math.Pow((Dot(rows[a], rows[b]) / Norm(rows[a]) / Norm(rows[b])) - (a == b ? 1.0 : offDiagonal), 2);
        return sum / rows.Length / rows.Length;
    }

    public static double UnitDistance(double[][] a, double[][] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            for (int j = 0; j < a[0].Length; j++)
                sum += Math.Pow((a[i][j] / Norm(a)) - (b[i][j] / Norm(b)), 2);
        return Math.Sqrt(sum);
    }

    /// <summary>Pseudo-inverse of a symmetric positive semidefinite matrix of known rank.</summary>
    public static double[][] PseudoInverse(double[][] a, int rank)
    {
        (double[] values, double[][] vectors) = Eigen(a);
        double[][] inverse = Zeros(a.Length, a.Length);
        for (int l = 0; l < rank; l++)
            for (int i = 0; i < a.Length; i++)
                for (int j = 0; j < a.Length; j++)
                    inverse[i][j] += vectors[l][i] * vectors[l][j] / values[l];
        return inverse;
    }

    /// <summary>Cyclic Jacobi: eigenvalues descending, eigenvectors as rows.</summary>
    public static (double[] Values, double[][] Vectors) Eigen(double[][] matrix)
    {
        int n = matrix.Length;
        double[][] a = matrix.Select(r => r.ToArray()).ToArray();
        double[][] v = Enumerable.Range(0, n).Select(i => Enumerable.Range(0, n).Select(j => i == j ? 1.0 : 0.0).ToArray()).ToArray();
        for (int sweep = 0; sweep < 60; sweep++)
        {
            for (int p = 0; p < n; p++)
                for (int q = p + 1; q < n; q++)
                    Rotate(a, v, p, q);
        }
        int[] order = Enumerable.Range(0, n).OrderByDescending(i => a[i][i]).ToArray();
        return (order.Select(i => a[i][i]).ToArray(), order.Select(i => v[i]).ToArray());
    }

    private static void Rotate(double[][] a, double[][] v, int p, int q)
    {
        if (a[p][q] == 0.0)
            return;
        double theta = 0.5 * Math.Atan2(2 * a[p][q], a[q][q] - a[p][p]);
        (double sin, double cos) = Math.SinCos(theta);
        for (int i = 0; i < a.Length; i++)
            (a[i][p], a[i][q]) = ((cos * a[i][p]) - (sin * a[i][q]), (sin * a[i][p]) + (cos * a[i][q]));
        for (int i = 0; i < a.Length; i++)
        {
            (a[p][i], a[q][i]) = ((cos * a[p][i]) - (sin * a[q][i]), (sin * a[p][i]) + (cos * a[q][i]));
            (v[p][i], v[q][i]) = ((cos * v[p][i]) - (sin * v[q][i]), (sin * v[p][i]) + (cos * v[q][i]));
        }
    }
}
