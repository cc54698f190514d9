using Eigenscope.Analysis.Features;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Numerics.Execution;

namespace Eigenscope.Experiments.Runs;

/// <summary>The pictures of a measured network that only its page shows.</summary>
internal static class NetworkPictures
{
    /// <summary>Gram pictures of the features that enter each layer, and of the logits, all of the same samples.</summary>
    public static IReadOnlyList<(string Title, GramPicture Picture)> Collect(MeasurementPlan plan, MeasuredSnapshot final, Compute compute) =>
    [
        .. plan.Network.WeightLayers.Select((layer, l) => (l == 0 ? "input" : $"into layer {layer.Name}", GramPicture.Measure(final.Linearization.LayerInput(l).AsMatrix(), plan.Labels, plan.Classes, compute))),
        ("logits", GramPicture.Measure(final.Linearization.Logits().AsMatrix(), plan.Labels, plan.Classes, compute)),
    ];
}
