using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Tests.Support;

/// <summary>
/// A tanh network 4 – 5 – 3 on Gaussian classes of unequal size, and what its Gauss–Newton matrix is made of, written out by hand: for sample i the logits' Jacobian in the first layer's pre-activation is
/// W₂ diag(1 − tanh²), in the last layer's the identity.
/// </summary>
internal sealed class TwoLayerProblem
{
    private readonly bool _crossEntropy;
    private readonly double[][] _first;
    private readonly double[][] _second;
    private readonly double[] _firstBias;
    private readonly double[] _secondBias;

    public TwoLayerProblem(bool crossEntropy)
    {
        _crossEntropy = crossEntropy;
        Data = Samples.Gaussian(17, 3, 4, 5);
        Network network = Network.Mlp(new MlpOptions { Widths = [4, 5, 3], Activation = Activation.Tanh });
        double[] parameters = new double[network.ParameterCount];
        new Numerics.Randomness.RandomStream(23).FillNormal(parameters, 0.6);
        _first = Matrix(network, parameters, "1.weight");
        _second = Matrix(network, parameters, "2.weight");
        _firstBias = Block(network, parameters, "1.bias");
        _secondBias = Block(network, parameters, "2.bias");
        Loss loss = crossEntropy ? new CrossEntropy() : new MeanSquaredError();
        Weighted = weights => Objective.Create(network, Data.Features, Data.Labels, loss, TestCompute.Instance, new ObjectiveOptions { SampleWeights = weights }).Linearize(parameters);
        Linearization = Weighted(null);
    }

    /// <summary>The same with weights of the samples, 1/N each when null.</summary>
    public Func<double[]?, Linearization> Weighted { get; }

    public Samples Data { get; }

    public Linearization Linearization { get; }

    public int Count => Data.Labels.Length;

    /// <summary>Input of a layer at sample i.</summary>
    public double[] Input(int layer, int i)
    {
        double[] x = Data.Features.Row(i).ToArray();
        return layer == 0 ? x : [.. _first.Select((row, j) => Math.Tanh(Textbook.Dot(row, x) + _firstBias[j]))];
    }

    /// <summary>The logits' Jacobian in a layer's pre-activation at sample i.</summary>
    public double[][] Jacobian(int layer, int i)
    {
        if (layer == 1)
            return [.. Enumerable.Range(0, 3).Select(static k => Enumerable.Range(0, 3).Select(j => j == k ? 1.0 : 0.0).ToArray())];
        double[] hidden = Input(1, i);
        return [.. _second.Select(row => row.Select((w, j) => w * (1.0 - (hidden[j] * hidden[j]))).ToArray())];
    }

    /// <summary>The vectors g_ik = (S_i J_i)ᵀ e_k ⊗ h_i of sample i.</summary>
    public double[][] Vectors(int layer, int i)
    {
        double[] h = Input(layer, i);
        return [.. Factored(layer, i).Select(row => (double[])[.. from a in row from b in h select a * b])];
    }

    /// <summary>The rows of S_i J_i, J_i in a layer's pre-activation.</summary>
    private double[][] Factored(int layer, int i)
    {
        double[][] jacobian = Jacobian(layer, i);
        double[] p = Probabilities(i);
        return [.. Enumerable.Range(0, 3).Select(k => (double[])[.. Enumerable.Range(0, jacobian[0].Length).Select(j =>
            _crossEntropy ? Math.Sqrt(p[k]) * (jacobian[k][j] - Enumerable.Range(0, 3).Sum(m => p[m] * jacobian[m][j])) : jacobian[k][j])])];
    }

    /// <summary>The vectors g_ik of sample i over all parameters, in their order: first weight, first bias, second weight, second bias.</summary>
    public double[][] Vectors(int i)
    {
        double[][] first = Vectors(0, i), second = Vectors(1, i);
        double[][] firstBias = Factored(0, i), secondBias = Factored(1, i);
        return [.. Enumerable.Range(0, 3).Select(k => (double[])[.. first[k], .. firstBias[k], .. second[k], .. secondBias[k]])];
    }

    /// <summary>The vectors g_ik of sample i in a scope.</summary>
    public double[][] Vectors(string scope, int i) => scope switch
    {
        "all" => Vectors(i),
        "1.weight" => Vectors(0, i),
        "1.bias" => Factored(0, i),
        "2.weight" => Vectors(1, i),
        _ => throw new ArgumentOutOfRangeException(nameof(scope), scope, "not written out"),
    };

    /// <summary>Weights ω_ik of the terms of the loss's Hessian, whose roots are in the vectors.</summary>
    public double[] TermWeights(int i) => _crossEntropy ? Probabilities(i) : [1.0, 1.0, 1.0];

    /// <summary>Whether the logit of a class is kept apart from the mean over logits.</summary>
    public bool IsApart(int c, int k) => _crossEntropy && c == k;

    /// <summary>The loss's Hessian in the logits of sample i.</summary>
    public double[][] LossHessian(int i)
    {
        double[] p = Probabilities(i);
        return [.. Enumerable.Range(0, 3).Select(k => Enumerable.Range(0, 3).Select(j => _crossEntropy ? (k == j ? p[k] : 0.0) - (p[k] * p[j]) : k == j ? 1.0 : 0.0).ToArray())];
    }

    private double[] Probabilities(int i)
    {
        double[] hidden = Input(1, i);
        double[] exponentials = [.. _second.Select((row, k) => Math.Exp(Textbook.Dot(row, hidden) + _secondBias[k]))];
        return [.. exponentials.Select(value => value / exponentials.Sum())];
    }

    private static double[][] Matrix(Network network, double[] parameters, string name)
    {
        ParameterBlock block = network.Blocks.Single(candidate => candidate.Name == name);
        return Textbook.Rows(new Tensor<double>(parameters.AsSpan(block.Offset, block.Length).ToArray(), [.. block.Shape]));
    }

    private static double[] Block(Network network, double[] parameters, string name)
    {
        ParameterBlock block = network.Blocks.Single(candidate => candidate.Name == name);
        return parameters.AsSpan(block.Offset, block.Length).ToArray();
    }
}
