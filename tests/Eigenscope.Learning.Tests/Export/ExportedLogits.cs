using Eigenscope.Formats.Onnx;
using Eigenscope.Learning.Compression;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Import;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Tests.Export;

/// <summary>Logits of networks and of what files of them come to.</summary>
internal static class ExportedLogits
{
    /// <summary>Logits, samples in rows.</summary>
    public static double[] Of(Network network, double[] state, Tensor<double> inputs) =>
        Objective.Create(network, inputs, new int[inputs.Rows], network.OutputSize > 1 ? new CrossEntropy() : new MeanSquaredError(), TestCompute.Single, new ObjectiveOptions()).Logits(state).Span.ToArray();

    /// <summary>Logits of a model as it is imported.</summary>
    public static double[] Of(OnnxModel model, Tensor<double> inputs)
    {
        ImportedModel imported = OnnxImport.Import(model);
        return Of(imported.Network, imported.State, inputs);
    }

    /// <summary>Parameters with biases and statistics that are none of their usual values.</summary>
    public static double[] State(Network network, RandomStream random)
    {
        double[] state = network.Initialize(new InitializationOptions(), random);
        foreach (ParameterBlock block in network.Blocks.Where(static block => block.IsBias).Concat(network.Statistics))
        {
            for (int i = block.Offset; i < block.Offset + block.Length; i++)
                state[i] += block.InitialValue > 0.0 ? random.NextDouble() - 0.5 : 0.2 * (random.NextDouble() - 0.5);
        }
        return state;
    }

    /// <summary>Normal samples.</summary>
    public static Tensor<double> Samples(int count, int size, RandomStream random)
    {
        double[] x = new double[count * size];
        random.FillNormal(x, 1.0);
        return new Tensor<double>(x, count, size);
    }

    /// <summary>The largest difference over the largest entry.</summary>
    public static double Difference(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        return expected.Zip(actual, static (x, y) => Math.Abs(x - y)).Max() / expected.Max(Math.Abs);
    }

    /// <summary>A model with every weight that can be cut at half the largest rank that saves numbers: the network, its state, and the ranks.</summary>
    public static (Network Network, double[] State, Dictionary<string, int> Ranks) Cut(ImportedModel model)
    {
        WeightDecomposition[] parts = [.. model.Network.WeightLayers.Where(static layer => layer is not ConvolutionLayer { Shape.Groups: > 1 }).Select(layer => WeightDecomposition.Of(layer, model.State, TestCompute.Single))];
        Dictionary<string, int> ranks = parts.Where(static part => part.LargestSavingRank > 0).ToDictionary(static part => part.Layer.Name, static part => (part.LargestSavingRank + 1) / 2);
        Network network = model.Factored(ranks);
        return (network, LowRankState.Of(model.Network, model.State, parts, network), ranks);
    }
}
