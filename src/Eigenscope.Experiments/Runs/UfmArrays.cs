using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Execution;

namespace Eigenscope.Experiments.Runs;

/// <summary>The arrays of a run for other programs: those of the measured weights, the spectra of the objective, and the features.</summary>
internal static class UfmArrays
{
    public static IReadOnlyList<NamedArray> Collect(UfmPlan plan, MeasuredUfm final, Snapshot end, Compute compute)
    {
        List<NamedArray> arrays = [.. NetworkArrays.Collect(plan.Measurement, final.Point.Weights, compute)];
        foreach (MeasuredSpectrum spectrum in final.Objective)
            arrays.AddRange(NetworkArrays.OfSpectrum($"objective-{spectrum.Report.Operator}/{spectrum.Report.Scope}", spectrum.Pairs));
        ParameterBlock features = plan.Joint.Blocks[0];
        arrays.Add(new NamedArray($"parameter/{features.Name}", end.Parameters[..plan.FeatureEntries], features.Shape));
        return arrays;
    }
}
