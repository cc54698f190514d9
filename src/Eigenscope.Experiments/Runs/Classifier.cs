using Eigenscope.Experiments.Recipes;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Experiments.Runs;

/// <summary>A network on samples, asked for the classes that it predicts.</summary>
internal sealed class Classifier(CompressPlan plan, Network network, Dataset data, Compute compute)
{
    private readonly Objective _objective = Objective.Create(network, data.AsSource(), plan.Loss, compute, plan.Objective);

    public int Samples => data.SampleCount;

    public int[] Labels => data.Labels;

    /// <summary>The class of the largest logit of every sample, the lowest index on ties.</summary>
    public int[] Predict(double[] state)
    {
        Tensor<double> logits = Logits(state);
        return [.. Enumerable.Range(0, logits.Rows).Select(i => System.Numerics.Tensors.TensorPrimitives.IndexOfMax<double>(logits.Row(i)))];
    }

    /// <summary>One pass through the network.</summary>
    public Tensor<double> Logits(double[] state) => _objective.Logits(state);
}
