using Eigenscope.Learning.Derivatives;
using Eigenscope.Numerics.Estimators;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Spectra;

/// <summary>
/// The splits where the Gram matrix of all gradients would be too large: memory grows with K o times a scope's length and with N o, never with their product. Mean gradients are formed once and probes sent down once
/// for all the scopes.
/// </summary>
internal sealed class StreamedSplits(Linearization linearization, LogitFactors factors, ClassLogits classes, PapyanOptions options, Compute compute, RandomStream random, CancellationToken cancellation)
{
    public IReadOnlyList<PapyanSplit> Measure(IReadOnlyList<string> scopes)
    {
        ParameterScope[] resolved = [.. scopes.Select(scope => ParameterScope.Resolve(linearization.Objective.Network, scope))];
        Tensor<double>?[] grams = new MeanGradientGrams(linearization, factors, classes, compute, cancellation).Measure(resolved, options.MeansBudget);
        double?[] traces = [.. scopes.Select(scope => cancellation.IsCancellationRequested ? null : GaussNewtonTraces.Exact(linearization, scope, factors, options.ExactTraceEntries, compute))];
        Lazy<IReadOnlyDictionary<string, Estimate>> within = new(() => WithinClassTraces([.. resolved.Where((_, index) => traces[index] is null)]));
        return [.. resolved.Select((scope, index) => new StreamedSplit(linearization, scope, factors, classes, options, compute, random.Split(scope.Name), cancellation).Measure(grams[index], traces[index], () => within.Value.GetValueOrDefault(scope.Name)))];
    }

    private Dictionary<string, Estimate> WithinClassTraces(ParameterScope[] scopes)
    {
        Estimate[] traces = new AdjointTraces(linearization, factors, classes, GaussNewtonPart.WithinClass).Estimate(scopes, options.TraceProbes, random.Split("within-class traces"), cancellation) ?? [];
        Dictionary<string, Estimate> named = [];
        for (int i = 0; i < traces.Length; i++)
            named[scopes[i].Name] = traces[i];
        return named;
    }
}
