using Eigenscope.Analysis.Collapse;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Experiments.Runs;

/// <summary>The arrays of a measured network for other programs: eigenvectors, class means, AGOPs, parameters.</summary>
internal static class NetworkArrays
{
    public static IReadOnlyList<NamedArray> Collect(MeasurementPlan plan, MeasuredSnapshot final, Compute compute)
    {
        List<NamedArray> arrays = [];
        foreach (MeasuredSpectrum spectrum in final.Spectra)
        {
            string name = $"{spectrum.Report.Operator}/{spectrum.Report.Scope}";
            arrays.Add(new NamedArray($"{name}/eigenvalues", [.. spectrum.Pairs.Values], [spectrum.Pairs.Values.Count]));
            if (spectrum.Pairs.Vectors is { } vectors)
                arrays.Add(Named($"{name}/eigenvectors", vectors));
            if (spectrum.Pairs.Smallest.Count == 0)
                continue;
            arrays.Add(new NamedArray($"{name}/smallest", [.. spectrum.Pairs.Smallest], [spectrum.Pairs.Smallest.Count]));
            if (spectrum.Pairs.SmallestVectors is { } smallest)
                arrays.Add(Named($"{name}/smallest-eigenvectors", smallest));
        }
        IReadOnlyList<BilinearLayer> layers = plan.Network.WeightLayers;
        LayerMeasurement measurement = new(plan, compute, final.Linearization, final.Snapshot.Parameters);
        for (int l = 0; l < layers.Count; l++)
        {
            Tensor<double> features = final.Linearization.LayerInput(l);
            ClassStatistics statistics = ClassStatistics.Measure(features.AsMatrix(), plan.Labels, plan.Classes);
            arrays.Add(Named($"layer/{layers[l].Name}/class-means", statistics.Means));
            arrays.Add(Named($"layer/{layers[l].Name}/agop", measurement.MeasureAgop(l)));
        }
        foreach (ParameterBlock block in plan.Network.Blocks)
            arrays.Add(new NamedArray($"parameter/{block.Name}", final.Snapshot.Parameters.AsSpan(block.Offset, block.Length).ToArray(), block.Shape));
        return arrays;
    }

    private static NamedArray Named(string name, Tensor<double> tensor) => new(name, tensor.Storage, tensor.Shape.ToArray());
}
