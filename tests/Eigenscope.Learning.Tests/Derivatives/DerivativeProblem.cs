using System.Collections.Concurrent;
using System.Globalization;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Tests.Derivatives;

/// <summary>A small network on random samples, with random biases, where the Hessian is far from its Gauss–Newton part; and the reference that knows its derivatives.</summary>
internal sealed class DerivativeProblem
{
    public const int Samples = 256;
    private static readonly ConcurrentDictionary<string, double[,]> Known = new();
    private readonly double[][] _rows;
    private readonly string _key;

    public DerivativeProblem(int[] widths, Activation activation, string loss, bool biases = true, double[]? weights = null, double scale = 1.2, int samples = Samples)
    {
        _key = string.Create(CultureInfo.InvariantCulture, $"{string.Join('-', widths)} {activation} {loss} {biases} {weights?.Sum()} {scale} {samples}");
        RandomStream random = new(20240608);
        Network = Network.Mlp(new MlpOptions { Widths = widths, Activation = activation, Biases = biases });
        Inputs = new Tensor<double>(samples, widths[0]);
        random.Split("inputs").FillNormal(Inputs.Span);
        // Inputs and parameters are exact in single precision, so that both precisions solve the same problem.
        RoundToSingle(Inputs.Span);
        Labels = [.. Enumerable.Range(0, samples).Select(i => (i * 7) % widths[^1])];
        Parameters = new double[Network.ParameterCount];
        random.Split("parameters").FillNormal(Parameters);
        foreach (ParameterBlock block in Network.Blocks)
        {
            double deviation = block.IsBias ? 0.3 : scale / Math.Sqrt(block.Shape[1]);
            foreach (ref double value in Parameters.AsSpan(block.Offset, block.Length))
                value *= deviation;
        }
        RoundToSingle(Parameters);
        Weights = weights ?? [.. Enumerable.Repeat(1.0 / samples, samples)];
        Loss = loss switch
        {
            "cross-entropy" => new CrossEntropy(),
            "mse" => new MeanSquaredError(),
            _ => new MeanSquaredError(TargetCoding.PlusMinusOne),
        };
        _rows = [.. Enumerable.Range(0, samples).Select(i => Inputs.Row(i).ToArray())];
        Reference = new ReferenceMlp(widths, biases, activation, loss == "cross-entropy", loss == "mse" ? 0.0 : -1.0);
    }

    public Network Network { get; }

    public Tensor<double> Inputs { get; }

    public int[] Labels { get; }

    public double[] Parameters { get; }

    public double[] Weights { get; }

    public Loss Loss { get; }

    public ReferenceMlp Reference { get; }

    public (double Loss, double[] Gradient) ReferenceGradient() => Reference.Evaluate(Parameters, _rows, Labels, Weights);

    public double[,] ReferenceHessian() => Cached("hessian", () => Reference.Hessian(Parameters, _rows, Labels, Weights));

    public double[,] ReferenceGaussNewton() => Cached("gauss-newton", () => Reference.GaussNewton(Parameters, _rows, Weights));

    public double[,] ReferenceJacobian() => Cached("jacobian", () => Reference.Jacobian(Parameters, _rows));

    /// <summary>Gradients of the unweighted losses, one row a sample: the reference asked for one sample at a time.</summary>
    public double[][] ReferenceSampleGradients() => [.. Enumerable.Range(0, Inputs.Rows).Select(i => Reference.Evaluate(Parameters, [_rows[i]], [Labels[i]], [1.0]).Gradient)];

    /// <summary>Σ w (g − m)(g − m)ᵀ, m the weighted mean gradient or zero.</summary>
    public double[,] ReferenceGradientMoment(bool centred) => Cached(centred ? "covariance" : "second moment", () => GradientMoment(centred));

    public Objective Objective(int threads = 1, ObjectiveOptions? options = null) => Learning.Derivatives.Objective.Create(
        Network, Inputs, Labels, Loss, new Compute(BlasBackends.Load(BlasChoice.Auto).Backend, threads), (options ?? new ObjectiveOptions()) with { SampleWeights = Weights });

    private double[,] GradientMoment(bool centred)
    {
        double[][] gradients = ReferenceSampleGradients();
        int p = Parameters.Length;
        double total = Weights.Sum();
        double[] mean = [.. Enumerable.Range(0, p).Select(j => centred ? gradients.Zip(Weights, (g, w) => w * g[j]).Sum() / total : 0.0)];
        double[,] moment = new double[p, p];
        for (int n = 0; n < gradients.Length; n++)
        {
            for (int i = 0; i < p; i++)
            {
                for (int j = 0; j < p; j++)
                    moment[i, j] += Weights[n] * (gradients[n][i] - mean[i]) * (gradients[n][j] - mean[j]);
            }
        }
        return moment;
    }

    // The same problem serves several tests, and its dense reference is slow on purpose.
    private double[,] Cached(string matrix, Func<double[,]> compute) => Known.GetOrAdd($"{matrix} {_key}", _ => compute());

    private static void RoundToSingle(Span<double> values)
    {
        foreach (ref double value in values)
            value = (float)value;
    }
}
