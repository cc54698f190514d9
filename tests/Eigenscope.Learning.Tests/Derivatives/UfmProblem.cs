using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Tests.Derivatives;

/// <summary>
/// A small unconstrained feature model with more samples than rows, so that some share a row, and with unequal weights; and the reference that knows its derivatives.
/// </summary>
internal sealed class UfmProblem
{
    public const int Samples = 53;
    public const int Rows = 47;
    public static readonly int[] Widths = [5, 6, 4, 3];
    private readonly double[][] _rows;
    private readonly Lazy<double[,]> _hessian;
    private readonly Lazy<double[,]> _gaussNewton;
    private readonly Lazy<double[,]> _jacobian;

    public UfmProblem(Activation activation, string loss, bool rectified, bool lastBias)
    {
        RandomStream random = new(20240608);
        Network = Network.UnconstrainedFeatures(new UfmNetworkOptions { Samples = Rows, Widths = Widths, Activation = activation, RectifiedFeatures = rectified, LastBias = lastBias });
        Inputs = new Tensor<double>(Samples, 1);
        for (int i = 0; i < Samples; i++)
            Inputs[i, 0] = i * 7 % Rows;
        Labels = [.. Enumerable.Range(0, Samples).Select(static i => i * 5 % Widths[^1])];
        Weights = [.. Enumerable.Range(0, Samples).Select(static i => 0.01 * (1 + (i % 4)))];
        Parameters = new double[Network.ParameterCount];
        random.Split("parameters").FillNormal(Parameters, 0.6);
        // Exact in single precision, so that both precisions solve the same problem.
        foreach (ref double value in Parameters.AsSpan())
            value = (float)value;
        bool crossEntropy = string.Equals(loss, "cross-entropy", StringComparison.Ordinal);
        Loss = crossEntropy ? new CrossEntropy() : new MeanSquaredError();
        _rows = [.. Enumerable.Range(0, Samples).Select(i => new[] { Inputs[i, 0] })];
        Reference = new ReferenceMlp(Widths, biases: false, activation, crossEntropy, offTarget: 0.0, lastBias, Rows, rectified);
        _hessian = new(() => Reference.Hessian(Parameters, _rows, Labels, Weights));
        _gaussNewton = new(() => Reference.GaussNewton(Parameters, _rows, Weights));
        _jacobian = new(() => Reference.Jacobian(Parameters, _rows));
    }

    public Network Network { get; }

    public Tensor<double> Inputs { get; }

    public int[] Labels { get; }

    public double[] Weights { get; }

    public double[] Parameters { get; }

    public Loss Loss { get; }

    public ReferenceMlp Reference { get; }

    public double[,] ReferenceHessian => _hessian.Value;

    public double[,] ReferenceGaussNewton => _gaussNewton.Value;

    public double[,] ReferenceJacobian => _jacobian.Value;

    public (double Loss, double[] Gradient) ReferenceGradient() => Reference.Evaluate(Parameters, _rows, Labels, Weights);

    public Objective Objective(int threads, ObjectiveOptions? options = null) => Objective(new Compute(BlasBackends.Load(BlasChoice.Auto).Backend, threads), options);

    public Objective Objective(Compute compute, ObjectiveOptions? options = null) =>
        Learning.Derivatives.Objective.Create(Network, Inputs, Labels, Loss, compute, (options ?? new ObjectiveOptions()) with { SampleWeights = Weights });
}
