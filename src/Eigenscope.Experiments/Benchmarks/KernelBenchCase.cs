using System.Globalization;

namespace Eigenscope.Experiments.Benchmarks;

/// <summary>One fit of a kernel machine with its average gradient outer product: the kernel matrix of n points in R^d, the solve for K outputs, and the outer product at all points.</summary>
/// <param name="Points">n.</param>
/// <param name="Dimension">d.</param>
/// <param name="Outputs">K.</param>
internal sealed record KernelBenchCase(int Points, int Dimension, int Outputs)
{
    public const string Operator = "fit-agop";
    public const string Precision = "float64";

    /// <summary>The cases that every machine is measured on.</summary>
    public static IReadOnlyList<KernelBenchCase> All { get; } = [new(8000, 784, 10)];

    /// <summary>Kernel and sizes.</summary>
    public string Model => string.Create(CultureInfo.InvariantCulture, $"laplace-{Points}-{Dimension}-{Outputs}");

    /// <summary>What <see cref="BenchOptions.Rows"/> is compared with.</summary>
    public string Name => $"{Model} {Operator} {Precision} block-1";

    /// <summary>
    /// Flops of the matrix products and of the factorisation: n² d for one triangle of the inner products, n³/3 for Cholesky, 2 n² K for the substitutions; then n² d·2 for the inner products again, 2 n² d K for the gradients of all outputs and
    /// n K d² for one triangle of their outer products.
    /// </summary>
    public double Flops
    {
        get
        {
            double n = Points, d = Dimension, k = Outputs;
            return (n * n * d) + (n * n * n / 3.0) + (2.0 * n * n * k) + (2.0 * n * n * d) + (2.0 * n * n * d * k) + (n * k * d * d);
        }
    }
}
