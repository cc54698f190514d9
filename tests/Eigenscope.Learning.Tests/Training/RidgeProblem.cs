using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Training;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Tests.Training;

/// <summary>One dense layer under MSE with weight decay: ridge regression, whose minimiser is known.</summary>
internal sealed class RidgeProblem
{
    public const int Samples = 60;
    public const int Inputs = 4;
    public const int Outputs = 3;
    public const double Decay = 0.05;

    public RidgeProblem()
    {
        X = new Tensor<double>(Samples, Inputs);
        new RandomStream(7).FillNormal(X.Span);
        Labels = [.. Enumerable.Range(0, Samples).Select(static i => i % Outputs)];
        Network = Network.Mlp(new MlpOptions { Widths = [Inputs, Outputs], Biases = false });
        Compute = new Compute(BlasBackends.Load(BlasChoice.Auto).Backend, 2);
        Objective = Objective.Create(Network, X, Labels, new MeanSquaredError(), Compute, new ObjectiveOptions());
        WeightDecay = WeightDecay.OnWeights(Network, Decay);
        Initial = Network.Initialize(new InitializationOptions(), new RandomStream(8));
    }

    public Tensor<double> X { get; }

    public int[] Labels { get; }

    public Network Network { get; }

    public Compute Compute { get; }

    public Objective Objective { get; }

    public WeightDecay WeightDecay { get; }

    public double[] Initial { get; }

    /// <summary>W = Yᵀ X (XᵀX + N λ I)⁻¹, by Gauss–Jordan elimination.</summary>
    public double[] Solution()
    {
        double[,] system = new double[Inputs, Inputs + Outputs];
        for (int i = 0; i < Inputs; i++)
        {
            for (int j = 0; j < Inputs; j++)
                system[i, j] = Enumerable.Range(0, Samples).Sum(n => X[n, i] * X[n, j]) + (i == j ? Samples * Decay : 0.0);
            for (int k = 0; k < Outputs; k++)
                system[i, Inputs + k] = Enumerable.Range(0, Samples).Where(n => Labels[n] == k).Sum(n => X[n, i]);
        }
        for (int pivot = 0; pivot < Inputs; pivot++)
        {
            double divisor = system[pivot, pivot];
            for (int j = 0; j < Inputs + Outputs; j++)
                system[pivot, j] /= divisor;
            for (int i = 0; i < Inputs; i++)
            {
                double factor = i == pivot ? 0.0 : system[i, pivot];
                for (int j = 0; j < Inputs + Outputs; j++)
                    system[i, j] -= factor * system[pivot, j];
            }
        }
        return [.. Enumerable.Range(0, Outputs * Inputs).Select(index => system[index % Inputs, Inputs + (index / Inputs)])];
    }

    public static double Distance(double[] a, double[] b) => Math.Sqrt(a.Zip(b, static (x, y) => (x - y) * (x - y)).Sum());
}
