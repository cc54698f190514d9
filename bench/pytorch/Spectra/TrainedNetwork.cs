using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.PyTorchComparison;

/// <summary>A ReLU multilayer perceptron trained on classes that are normal distributions around random means, by gradient descent with momentum.</summary>
internal sealed class TrainedNetwork
{
    private const double LearningRate = 0.05;
    private const double Momentum = 0.9;
    private const double ClassDistance = 0.15;
    private readonly Compute _compute;
    private readonly int[] _labels;

    private TrainedNetwork(Network network, int samples, Compute compute, RandomStream random)
    {
        Network = network;
        Samples = samples;
        _compute = compute;
        _labels = [.. Enumerable.Range(0, samples).Select(i => i % network.OutputSize)];
        Inputs = new Tensor<double>(samples, network.InputSize);
        random.Split("noise").FillNormal(Inputs.Span);
        Tensor<double> means = new(network.OutputSize, network.InputSize);
        random.Split("means").FillNormal(means.Span, ClassDistance);
        for (int i = 0; i < samples; i++)
        {
            for (int j = 0; j < network.InputSize; j++)
                Inputs[i, j] += means[_labels[i], j];
        }
        Parameters = network.Initialize(new InitializationOptions { Scale = Math.Sqrt(2.0) }, random.Split("parameters"));
    }

    /// <summary>The network.</summary>
    public Network Network { get; }

    /// <summary>Number of samples.</summary>
    public int Samples { get; }

    /// <summary>A row per sample; sample i belongs to class i mod K.</summary>
    public Tensor<double> Inputs { get; }

    /// <summary>The trained parameters.</summary>
    public double[] Parameters { get; }

    /// <summary>Share of the samples that the trained network gets right.</summary>
    public double Accuracy { get; private set; }

    /// <summary>Builds and trains.</summary>
    public static TrainedNetwork Create(IReadOnlyList<int> widths, int samples, int steps, Compute compute, RandomStream random)
    {
        TrainedNetwork trained = new(Network.Mlp(new MlpOptions { Widths = widths }), samples, compute, random);
        trained.Train(steps);
        return trained;
    }

    /// <summary>The loss of the first samples.</summary>
    public Objective Objective(Precision precision, int samples)
    {
        Tensor<double> inputs = new(samples, Network.InputSize);
        Inputs.Span[..inputs.Span.Length].CopyTo(inputs.Span);
        return Learning.Derivatives.Objective.Create(Network, inputs, _labels[..samples], new CrossEntropy(), _compute, new ObjectiveOptions { Precision = precision });
    }

    private void Train(int steps)
    {
        Objective objective = Objective(Precision.Float64, Samples);
        double[] gradient = new double[Parameters.Length], velocity = new double[Parameters.Length];
        for (int step = 0; step < steps; step++)
        {
            objective.Gradient(Parameters, gradient);
            for (int i = 0; i < gradient.Length; i++)
            {
                velocity[i] = (Momentum * velocity[i]) + gradient[i];
                Parameters[i] -= LearningRate * velocity[i];
            }
        }
        Accuracy = objective.Evaluate(Parameters).Accuracy;
    }
}
