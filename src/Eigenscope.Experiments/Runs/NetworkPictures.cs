using Eigenscope.Analysis.Features;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Experiments.Runs;

/// <summary>The pictures of a measured network that only its page shows.</summary>
internal static class NetworkPictures
{
    // Many pictures are drawn small, and would make up most of the page's bytes.
    private const int FewLayers = 8;
    private const int SamplesOfMany = 100;

    /// <summary>Gram pictures of the features that enter each layer, and of the logits, all of the same samples; none without classes, by which they are ordered.</summary>
    public static IReadOnlyList<(string Title, GramPicture Picture)> Collect(MeasurementPlan plan, MeasuredSnapshot final, Compute compute)
    {
        if (plan.NoClasses is not null)
            return [];
        int samples = plan.Network.WeightLayers.Count > FewLayers ? SamplesOfMany : GramPicture.UsualSamples;
        GramPicture Picture(Tensor<double> features) => GramPicture.Measure(features.AsMatrix(), plan.Labels, plan.Classes, compute, samples);
        return
        [
            .. plan.Network.WeightLayers.Select((layer, l) => (l == 0 ? "input" : $"into layer {layer.Name}", Picture(final.Linearization.LayerInput(l)))),
            ("logits", Picture(final.Linearization.Logits())),
        ];
    }
}
