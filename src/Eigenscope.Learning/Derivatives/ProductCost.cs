using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Derivatives;

/// <summary>Floating-point operations of derivative products: two for each multiply-add of a matrix product over all samples; elementwise work is not counted.</summary>
internal static class ProductCost
{
    /// <summary>Six matrix products a layer that moves and has moving layers below it, two where it is the lowest, and two where only tangents pass through.</summary>
    public static double UpAndDown(Objective objective, ParameterScope scope)
    {
        double flops = 0.0;
        for (int i = scope.LowestLayer; i < objective.Network.Layers.Count; i++)
        {
            if (objective.Network.Layers[i] is BilinearLayer layer)
                flops += Product(objective, layer) * (i == scope.LowestLayer || !scope.IsAll ? 2.0 : 6.0);
        }
        return flops;
    }

    /// <summary>Two matrix products, and a pass over the logit Jacobians.</summary>
    public static double FromFactors(Objective objective, int layer)
    {
        Layer moved = objective.Network.Layers[layer];
        double pass = 4.0 * objective.SampleCount * objective.Network.OutputSize * moved.OutputSize;
        return pass + (2.0 * Product(objective, (BilinearLayer)moved));
    }

    private static double Product(Objective objective, BilinearLayer layer) => 2.0 * objective.SampleCount * layer.Weight.Length;
}
