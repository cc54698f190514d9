using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;
using Eigenscope.Theory.ClassMeans;

namespace Eigenscope.Theory.Tests.ClassMeans;

/// <summary>Random class means, and the textbook version of what is predicted from them: explicit sums over all entries, then a dense eigendecomposition of the explicit matrix.</summary>
internal static class Reference
{
    public const double Epsilon = 2.220446049250313e-16;

    public static Compute Compute { get; } =
        new(BlasBackends.Load(BlasBackends.Parse(Environment.GetEnvironmentVariable("EIGENSCOPE_BLAS"))).Backend, 2);

    /// <summary>Class means with loss Hessians as of cross-entropy (averages of diag(p) − p pᵀ), or the identity as of the mean squared error.</summary>
    public static ClassMeanLayer Random(ulong seed, int classes, int outputs, int inputs, bool crossEntropy)
    {
        RandomStream random = new(seed);
        double[] sizes = [.. Enumerable.Range(0, classes).Select(static c => 3.0 + c)];
        Tensor<double> features = new(classes, inputs), jacobians = new(classes, classes, outputs), curvature = new(classes, classes, classes);
        random.FillNormal(features.Span);
        random.FillNormal(jacobians.Span);
        for (int c = 0; c < classes; c++)
        {
            if (!crossEntropy)
            {
                for (int k = 0; k < classes; k++)
                    curvature.Row(c)[(k * classes) + k] = 1.0;
                continue;
            }
            for (int sample = 0; sample < 4; sample++)
                AddCrossEntropy(random, curvature.Row(c), classes, 0.25);
        }
        return new ClassMeanLayer([.. sizes.Select(size => size / sizes.Sum())], features, jacobians, curvature);
    }

    /// <summary>Σ_c (n_c/N) (B_cᵀ Λ̄_c B_c) ⊗ (μ_c μ_cᵀ), entry by entry.</summary>
    public static Tensor<double> Hessian(ClassMeanLayer layer)
    {
        int dOut = layer.Outputs, dIn = layer.Inputs;
        Tensor<double> matrix = new(dOut * dIn, dOut * dIn);
        for (int c = 0; c < layer.Classes; c++)
        {
            double[,] middle = Middle(layer, c);
            double[] mean = layer.Features.Row(c).ToArray();
            for (int row = 0; row < matrix.Rows; row++)
            {
                Span<double> target = matrix.Row(row);
                double factor = layer.Shares[c] * mean[row % dIn];
                for (int column = 0; column < target.Length; column++)
                    target[column] += factor * middle[row / dIn, column / dIn] * mean[column % dIn];
            }
        }
        return matrix;
    }

    /// <summary>Eigenvalues of an explicit symmetric matrix, descending.</summary>
    public static double[] Eigenvalues(Tensor<double> matrix)
    {
        double[] values = new double[matrix.Rows];
        Compute.Blas.SymmetricEigen(matrix.Clone().AsMatrix(), values, vectors: false);
        Array.Reverse(values);
        return values;
    }

    public static double Trace(Tensor<double> matrix) => Enumerable.Range(0, matrix.Rows).Sum(i => matrix[i, i]);

    /// <summary>Largest |V Vᵀ − I|.</summary>
    public static double OrthonormalityDefect(Tensor<double> rows)
    {
        double worst = 0.0;
        for (int i = 0; i < rows.Rows; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double product = 0.0;
                for (int k = 0; k < rows.Columns; k++)
                    product += rows[i, k] * rows[j, k];
                worst = Math.Max(worst, Math.Abs(product - (i == j ? 1.0 : 0.0)));
            }
        }
        return worst;
    }

    /// <summary>Largest ‖A v_j − θ_j v_j‖.</summary>
    public static double Residual(Tensor<double> matrix, Tensor<double> vectors, IReadOnlyList<double> values)
    {
        double worst = 0.0;
        for (int j = 0; j < vectors.Rows; j++)
        {
            double sum = 0.0;
            for (int row = 0; row < matrix.Rows; row++)
            {
                double product = -values[j] * vectors[j, row];
                for (int column = 0; column < matrix.Columns; column++)
                    product += matrix[row, column] * vectors[j, column];
                sum += product * product;
            }
            worst = Math.Max(worst, Math.Sqrt(sum));
        }
        return worst;
    }

    private static void AddCrossEntropy(RandomStream random, Span<double> target, int classes, double weight)
    {
        double[] z = new double[classes];
        random.FillNormal(z);
        double[] p = [.. z.Select(Math.Exp)];
        double total = p.Sum();
        for (int k = 0; k < classes; k++)
        {
            for (int j = 0; j < classes; j++)
                target[(k * classes) + j] += weight * (((k == j ? p[k] : 0.0) / total) - (p[k] * p[j] / (total * total)));
        }
    }

    private static double[,] Middle(ClassMeanLayer layer, int c)
    {
        double[,] middle = new double[layer.Outputs, layer.Outputs];
        for (int k = 0; k < layer.Logits; k++)
        {
            for (int j = 0; j < layer.Logits; j++)
            {
                double curvature = layer.LossHessians.Row(c)[(k * layer.Logits) + j];
                for (int a = 0; curvature != 0.0 && a < layer.Outputs; a++)
                {
                    for (int b = 0; b < layer.Outputs; b++)
                        middle[a, b] += layer.Jacobians.Row(c)[(k * layer.Outputs) + a] * curvature * layer.Jacobians.Row(c)[(j * layer.Outputs) + b];
                }
            }
        }
        return middle;
    }
}
