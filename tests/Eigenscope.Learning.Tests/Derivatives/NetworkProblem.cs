using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Tests.Derivatives;

/// <summary>
/// A described network on a few random images, with unequal sample weights and everything away from its initial value: biases, scales, stored statistics. And the dense matrices that the reference gives for it.
/// </summary>
internal sealed class NetworkProblem
{
    private readonly double[][] _rows;
    private readonly Lazy<double[,]> _hessian;
    private readonly Lazy<double[,]> _gaussNewton;
    private readonly Lazy<double[,]> _jacobian;

    public NetworkProblem(string name, ImageShape input, Action<INetworkDescription> describe, string loss, int samples)
        : this(name, LibraryDescription.Build(input, describe), input, describe, loss, samples)
    {
    }

    /// <summary>For a network that the library builds in its own way; the description is then the reference's alone.</summary>
    public NetworkProblem(string name, Network network, ImageShape input, Action<INetworkDescription> describe, string loss, int samples)
    {
        Name = name;
        Network = network;
        bool crossEntropy = string.Equals(loss, "cross-entropy", StringComparison.Ordinal);
        Loss = crossEntropy ? new CrossEntropy() : new MeanSquaredError();
        Reference = new ReferenceNetwork(new Extents(input.Channels, input.Height, input.Width)) { CrossEntropy = crossEntropy };
        describe(Reference);
        RandomStream random = new(20240608);
        Inputs = new Tensor<double>(samples, input.Size);
        random.Split("inputs").FillNormal(Inputs.Span);
        RoundToSingle(Inputs.Span);
        Labels = [.. Enumerable.Range(0, samples).Select(i => (i * 7) % network.OutputSize)];
        Weights = [.. Enumerable.Range(0, samples).Select(i => (1.0 + (i % 3)) / (2.0 * samples))];
        State = Draw(network, random.Split("state"));
        _rows = [.. Enumerable.Range(0, samples).Select(i => Inputs.Row(i).ToArray())];
        _hessian = new(() => Reference.Hessian(State, _rows, Labels, Weights));
        _gaussNewton = new(() => Reference.GaussNewton(State, _rows, Weights));
        _jacobian = new(() => Reference.Jacobian(State, _rows));
    }

    public string Name { get; }

    public Network Network { get; }

    public Tensor<double> Inputs { get; }

    public int[] Labels { get; }

    public double[] Weights { get; }

    /// <summary>Parameters, then statistics.</summary>
    public double[] State { get; }

    public Loss Loss { get; }

    public ReferenceNetwork Reference { get; }

    public double[,] ReferenceHessian => _hessian.Value;

    public double[,] ReferenceGaussNewton => _gaussNewton.Value;

    public double[,] ReferenceJacobian => _jacobian.Value;

    public (double Loss, double[] Gradient) ReferenceGradient() => Reference.Evaluate(State, _rows, Labels, Weights);

    public double[] ReferenceLossDerivatives() => Reference.LossDerivatives(State, _rows, Labels, Weights);

    public double[] ReferenceHessianProduct(double[] direction) => Reference.HessianProduct(State, _rows, Labels, Weights, direction);

    public double[] ReferenceGaussNewtonProduct(double[] direction) => Reference.GaussNewtonProduct(State, _rows, Weights, direction);

    public double[][] ReferenceLogits() => Reference.Logits(State, _rows);

    public double[,] ReferenceEmpiricalFisher() => Reference.EmpiricalFisher(State, _rows, Labels, Weights);

    public double[,] ReferenceGradientCovariance() => Reference.GradientCovariance(State, _rows, Labels, Weights);

    public double[,] ReferenceTangentKernel() => Reference.TangentKernel(State, _rows);

    /// <summary>Jacobians of all logits in what enters the l-th layer with a weight, (samples · outputs) × inputs.</summary>
    public double[,] ReferenceInputJacobian(int weightLayer) => Stack(row => Reference.InputJacobian(State, row, weightLayer));

    /// <summary>The same by central differences.</summary>
    public double[,] ReferenceInputDifferences(int weightLayer, double step) => Stack(row => Reference.InputDifferences(State, row, weightLayer, step));

    /// <summary>(1/N) Σ J_iᵀ J_i at the input of the l-th layer with a weight, every sample weighing the same; or about the mean Jacobian.</summary>
    public double[,] ReferenceAgop(int weightLayer, bool centred)
    {
        double[,] jacobian = ReferenceInputJacobian(weightLayer);
        (int samples, int outputs, int columns) = (_rows.Length, Network.OutputSize, jacobian.GetLength(1));
        double[,] agop = new double[columns, columns];
        for (int k = 0; k < outputs; k++)
        {
            double[] mean = [.. Enumerable.Range(0, columns).Select(j => centred ? Enumerable.Range(0, samples).Sum(i => jacobian[(i * outputs) + k, j]) / samples : 0.0)];
            for (int i = 0; i < samples; i++)
            {
                for (int a = 0; a < columns; a++)
                {
                    for (int b = 0; b < columns; b++)
                        agop[a, b] += (jacobian[(i * outputs) + k, a] - mean[a]) * (jacobian[(i * outputs) + k, b] - mean[b]) / samples;
                }
            }
        }
        return agop;
    }

    public Linearization Linearize(int threads, ObjectiveOptions options) => Objective(new Compute(BlasBackends.Load(BlasChoice.Auto).Backend, threads), options).Linearize(State);

    public Objective Objective(Compute compute, ObjectiveOptions options) =>
        Learning.Derivatives.Objective.Create(Network, Inputs, Labels, Loss, compute, options with { SampleWeights = Weights });

    private double[,] Stack(Func<double[], double[,]> jacobian)
    {
        double[][,] each = [.. _rows.Select(jacobian)];
        (int outputs, int columns) = (each[0].GetLength(0), each[0].GetLength(1));
        double[,] all = new double[each.Length * outputs, columns];
        for (int i = 0; i < each.Length; i++)
            Array.Copy(each[i], 0, all, i * outputs * columns, outputs * columns);
        return all;
    }

    // Exact in single precision, so that both precisions solve the same problem.
    private static double[] Draw(Network network, RandomStream random)
    {
        double[] state = new double[network.StateLength];
        random.FillNormal(state);
        foreach (ParameterBlock block in network.Blocks.Concat(network.Statistics))
        {
            Span<double> values = state.AsSpan(block.Offset, block.Length);
            foreach (ref double value in values)
            {
                if (block.Offset >= network.ParameterCount && block.InitialValue > 0.0)
                    value = 0.5 + Math.Abs(value);
                else if (block.IsBias)
                    value = block.InitialValue + (0.3 * value);
                else
                    value *= Math.Sqrt(2.0 * block.Shape[0] / block.Length);
            }
        }
        RoundToSingle(state);
        return state;
    }

    private static void RoundToSingle(Span<double> values)
    {
        foreach (ref double value in values)
            value = (float)value;
    }
}
