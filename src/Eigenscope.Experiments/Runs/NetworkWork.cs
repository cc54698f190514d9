using Eigenscope.Learning.Networks;

namespace Eigenscope.Experiments.Runs;

/// <summary>Arithmetic of a pass through a network.</summary>
internal static class NetworkWork
{
    /// <summary>Floating-point operations per sample of the products with weights, a multiplication and an addition each counted; activations, biases and pooling are left out.</summary>
    public static long Flops(Network network) => network.WeightLayers.Sum(static layer => 2L * layer.Weight.Length * Positions(layer));

    // At how many places of a sample the weight acts.
    private static int Positions(BilinearLayer layer) => layer switch
    {
        ConvolutionLayer convolution => convolution.Output.Positions,
        DenseLayer dense => dense.Positions,
        _ => 1,
    };
}
