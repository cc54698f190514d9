using Eigenscope.Analysis.Collapse;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Experiments.Runs;

/// <summary>The arrays of a measured network for other programs: eigenvectors, class means, AGOPs, parameters.</summary>
internal static class NetworkArrays
{
    public static IReadOnlyList<NamedArray> Collect(MeasurementPlan plan, MeasuredSnapshot final, Compute compute)
    {
        List<NamedArray> arrays = [];
        foreach (MeasuredSpectrum spectrum in final.Spectra)
            arrays.AddRange(OfSpectrum($"{spectrum.Report.Operator}/{spectrum.Report.Scope}", spectrum.Pairs));
        foreach (LayerHessianPrediction prediction in final.Predictions)
            AddPrediction(arrays, prediction, plan.Classes * plan.Classes);
        IReadOnlyList<BilinearLayer> layers = plan.Network.WeightLayers;
        // Nothing asked of it here draws a random number.
        LayerMeasurement measurement = new(plan, compute, new RandomStream(0), final.Linearization, final.Snapshot.Parameters);
        for (int l = 0; l < layers.Count; l++)
        {
            if (plan.NoClasses is null)
                arrays.Add(Named($"layer/{layers[l].Name}/class-means", ClassStatistics.Measure(final.Linearization.LayerInput(l).AsMatrix(), plan.Labels, plan.Classes).Means));
            if (layers[l] is DenseLayer { Positions: 1 })
                arrays.Add(Named($"layer/{layers[l].Name}/agop", measurement.MeasureAgop(l)));
        }
        foreach (ParameterBlock block in plan.Network.Blocks)
            arrays.Add(new NamedArray($"parameter/{block.Name}", final.Snapshot.Parameters.AsSpan(block.Offset, block.Length).ToArray(), block.Shape));
        return arrays;
    }

    /// <summary>Eigenvalues and eigenvectors of both ends.</summary>
    public static IEnumerable<NamedArray> OfSpectrum(string name, EigenPairs pairs)
    {
        yield return new NamedArray($"{name}/eigenvalues", [.. pairs.Values], [pairs.Values.Count]);
        if (pairs.Vectors is { } vectors)
            yield return Named($"{name}/eigenvectors", vectors);
        if (pairs.Smallest.Count == 0)
            yield break;
        yield return new NamedArray($"{name}/smallest", [.. pairs.Smallest], [pairs.Smallest.Count]);
        if (pairs.SmallestVectors is { } smallest)
            yield return Named($"{name}/smallest-eigenvectors", smallest);
    }

    private static void AddPrediction(List<NamedArray> arrays, LayerHessianPrediction prediction, int largest)
    {
        double[] values = [.. prediction.Hessian.Eigenvalues.Take(largest)];
        arrays.Add(new NamedArray($"predicted/{prediction.Scope}/eigenvalues", values, [values.Length]));
        if (values.Length > 0)
            arrays.Add(Named($"predicted/{prediction.Scope}/eigenvectors", prediction.Hessian.Eigenvectors(values.Length)));
    }

    private static NamedArray Named(string name, Tensor<double> tensor) => new(name, tensor.Storage, tensor.Shape.ToArray());
}
