using Eigenscope.Experiments.Recipes;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Experiments.Runs;

/// <summary>What an unconstrained feature model makes of its features before the last activation.</summary>
internal static class UfmHidden
{
    /// <summary>The output of the last hidden layer before its activation, one row a sample; with a single weight the features that enter it.</summary>
    public static Tensor<double> BeforeLastActivation(UfmPlan plan, ReadOnlySpan<double> parameters, Compute compute)
    {
        Tensor<double> signal = new(parameters[..plan.FeatureEntries].ToArray(), plan.Samples, plan.Options.Width);
        if (plan.Options.RectifiedFeatures)
            TensorPrimitives.Max(signal.Span, 0.0, signal.Span);
        IReadOnlyList<BilinearLayer> layers = plan.Joint.WeightLayers;
        for (int l = 0; l < layers.Count - 1; l++)
        {
            if (l > 0 && plan.Activation is Activation.Relu)
                TensorPrimitives.Max(signal.Span, 0.0, signal.Span);
            signal = layers[l].Outputs(signal.AsMatrix(), parameters, compute);
        }
        return signal;
    }
}
