using Eigenscope.Analysis.Collapse;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Experiments.Runs;

/// <summary>The arrays of a study for other programs: eigenvectors, class means, parameters.</summary>
internal static class StudyArrays
{
    public static IReadOnlyList<NamedArray> Collect(StudyPlan plan, MeasuredSnapshot final)
    {
        List<NamedArray> arrays = [];
        foreach (MeasuredSpectrum spectrum in final.Spectra)
        {
            string name = $"{spectrum.Report.Operator}/{spectrum.Report.Scope}";
            arrays.Add(new NamedArray($"{name}/eigenvalues", [.. spectrum.Pairs.Values], [spectrum.Pairs.Values.Count]));
            if (spectrum.Pairs.Vectors is { } vectors)
                arrays.Add(Named($"{name}/eigenvectors", vectors));
        }
        IReadOnlyList<BilinearLayer> layers = plan.Network.WeightLayers;
        for (int l = 0; l < layers.Count; l++)
        {
            Tensor<double> features = final.Linearization.LayerInput(l);
            ClassStatistics statistics = ClassStatistics.Measure(features.AsMatrix(), plan.Data.Train.Labels, plan.Data.Train.ClassCount);
            arrays.Add(Named($"layer/{layers[l].Name}/class-means", statistics.Means));
        }
        foreach (ParameterBlock block in plan.Network.Blocks)
            arrays.Add(new NamedArray($"parameter/{block.Name}", final.Snapshot.Parameters.AsSpan(block.Offset, block.Length).ToArray(), block.Shape));
        return arrays;
    }

    private static NamedArray Named(string name, Tensor<double> tensor) => new(name, tensor.Storage, tensor.Shape.ToArray());
}
