using Eigenscope.Learning.Data;

namespace Eigenscope.Experiments.Tests.RecursiveFeatures;

/// <summary>Kernel regression with k = 3 (x·z)² and no ridge, from the sums that define it; its gradients entry by entry.</summary>
internal sealed class SlowQuadratic
{
    private readonly Dataset _train;
    private readonly double[,] _coefficients;

    public SlowQuadratic(Dataset train)
    {
        _train = train;
        _coefficients = Solve();
        CentredAgop = Agop();
    }

    /// <summary>(1/N) Σ (J_i − J̄)ᵀ (J_i − J̄) at the training points.</summary>
    public double[,] CentredAgop { get; }

    public double Error(Dataset data)
    {
        double sum = 0.0;
        for (int i = 0; i < data.SampleCount; i++)
            for (int c = 0; c < data.ClassCount; c++)
                sum += Math.Pow(Output(Row(data, i), c) - (data.Labels[i] == c ? 1.0 : 0.0), 2);
        return sum / (2.0 * data.SampleCount);
    }

    public double Accuracy(Dataset data) =>
        Enumerable.Range(0, data.SampleCount).Count(i => Enumerable.Range(0, data.ClassCount).MaxBy(c => Output(Row(data, i), c)) == data.Labels[i]) / (double)data.SampleCount;

    /// <summary>tr(A^½) of a positive semidefinite matrix: the sum of the roots of its eigenvalues, by Jacobi's rotations.</summary>
    public static double RootTrace(double[,] matrix)
    {
        double[,] a = (double[,])matrix.Clone();
        int n = a.GetLength(0);
        for (int sweep = 0; sweep < 30; sweep++)
            for (int p = 0; p < n; p++)
                for (int q = p + 1; q < n; q++)
                    Rotate(a, p, q);
        return Enumerable.Range(0, n).Sum(i => Math.Sqrt(Math.Max(0.0, a[i, i])));
    }

    private static void Rotate(double[,] a, int p, int q)
    {
        double angle = 0.5 * Math.Atan2(2 * a[p, q], a[q, q] - a[p, p]), c = Math.Cos(angle), s = Math.Sin(angle);
        int n = a.GetLength(0);
        for (int k = 0; k < n; k++)
            (a[k, p], a[k, q]) = ((c * a[k, p]) - (s * a[k, q]), (s * a[k, p]) + (c * a[k, q]));
        for (int k = 0; k < n; k++)
            (a[p, k], a[q, k]) = ((c * a[p, k]) - (s * a[q, k]), (s * a[p, k]) + (c * a[q, k]));
    }

    private double Output(double[] x, int output)
    {
        double sum = 0.0;
        for (int i = 0; i < _train.SampleCount; i++)
            sum += _coefficients[i, output] * 3.0 * Math.Pow(Dot(x, Row(_train, i)), 2);
        return sum;
    }

    private double[,] Solve()
    {
        int n = _train.SampleCount, classes = _train.ClassCount;
        double[,] a = new double[n, n + classes];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                a[i, j] = 3.0 * Math.Pow(Dot(Row(_train, i), Row(_train, j)), 2);
            a[i, n + _train.Labels[i]] = 1.0;
        }
        for (int k = 0; k < n; k++)
            for (int i = 0; i < n; i++)
                for (int j = n + classes - 1; j >= k && i != k; j--)
                    a[i, j] -= a[i, k] / a[k, k] * a[k, j];
        double[,] solution = new double[n, classes];
        for (int i = 0; i < n; i++)
            for (int c = 0; c < classes; c++)
                solution[i, c] = a[i, n + c] / a[i, i];
        return solution;
    }

    private double[,] Agop()
    {
        int n = _train.SampleCount, d = _train.Dimension;
        double[,] agop = new double[d, d];
        for (int c = 0; c < _train.ClassCount; c++)
        {
            double[][] gradients = [.. Enumerable.Range(0, n).Select(i => Gradient(Row(_train, i), c))];
            double[] mean = [.. Enumerable.Range(0, d).Select(j => gradients.Average(gradient => gradient[j]))];
            foreach (double[] gradient in gradients)
                for (int j = 0; j < d; j++)
                    for (int k = 0; k < d; k++)
                        agop[j, k] += (gradient[j] - mean[j]) * (gradient[k] - mean[k]) / n;
        }
        return agop;
    }

    private double[] Gradient(double[] x, int output)
    {
        double[] gradient = new double[x.Length];
        for (int i = 0; i < _train.SampleCount; i++)
        {
            double[] z = Row(_train, i);
            for (int j = 0; j < x.Length; j++)
                gradient[j] += _coefficients[i, output] * 6.0 * Dot(x, z) * z[j];
        }
        return gradient;
    }

    private static double[] Row(Dataset data, int row) => data.Inputs.Row(row).ToArray();

    private static double Dot(double[] x, double[] z) => x.Zip(z, static (a, b) => a * b).Sum();
}
