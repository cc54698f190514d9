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

    public Linearization Linearize(int threads, ObjectiveOptions options) => Objective(new Compute(BlasBackends.Load(BlasChoice.Auto).Backend, threads), options).Linearize(State);

    public Objective Objective(Compute compute, ObjectiveOptions options) =>
        Learning.Derivatives.Objective.Create(Network, Inputs, Labels, Loss, compute, options with { SampleWeights = Weights });

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
