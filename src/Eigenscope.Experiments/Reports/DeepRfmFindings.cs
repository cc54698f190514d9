using System.Globalization;
using Eigenscope.Analysis;
using Eigenscope.Experiments.Recipes;

namespace Eigenscope.Experiments.Reports;

/// <summary>What a run of Deep RFM found, in sentences with numbers.</summary>
internal static class DeepRfmFindings
{
    public static IReadOnlyList<string> Describe(DeepRfmPlan plan, DeepRfmResult result, int? firstLeftOut)
    {
        List<string> findings = [];
        if (result.Partial)
            findings.Add($"The run was interrupted: {Format.Text(result.Layers.Count)} of {Format.Text(plan.Options.Layers)} layers were finished.");
        if (result.Layers.Count == 0)
            return findings;
        findings.Add(Predictions(plan, result));
        findings.AddRange(new[] { Fall(result.Layers), Steps(result.Layers), Means(result.Layers) }.OfType<string>());
        findings.Add($"Each layer's metric M is {result.MetricFrom}. The AGOPs reported are plain means, before all of that.");
        findings.Add(KernelSolves.Describe(Solves(result)));
        findings.AddRange(KernelSolves.Open(Solves(result)));
        if (firstLeftOut is { } layer)
            findings.Add($"The arrays lack AGOP and root from layer {Format.Text(layer)} on: those of all layers are more than 1 GiB.");
        return findings;
    }

    /// <summary>The layers' solves, with their names.</summary>
    public static IReadOnlyList<(string Where, KernelSolveReport Solve)> Solves(DeepRfmResult result) =>
        [.. result.Layers.Select(static layer => ($"layer {Format.Text(layer.Layer)}", layer.Solver))];

    private static string Predictions(DeepRfmPlan plan, DeepRfmResult result)
    {
        DeepRfmLayerReport first = result.Layers[0], last = result.Layers[^1];
        string test = last.TestAccuracy.Value is { } accuracy ? $" and {Format.Percent(accuracy)} of {Format.Text(result.TestSamples)} test samples ({Format.Percent(first.TestAccuracy.Value!.Value)} in layer 1)" : "";
        return $"Deep RFM on {plan.Data.Train.Name} ({Format.Text(result.Samples)} samples, {Format.Text(plan.Classes)} classes), {Format.Text(result.Layers.Count)} layers of {Format.Text(plan.Options.Width)} {plan.Options.Features} features: "
            + $"the kernel machine of the last layer is right on {Format.Percent(last.TrainAccuracy)} of the training samples{test}.";
    }

    private static string? Fall(IReadOnlyList<DeepRfmLayerReport> layers)
    {
        Number start = layers[0].Stages.X.Nc1TraceRatio, end = layers[^1].Stages.Mx.Nc1TraceRatio, last = layers[^1].Stages.X.Nc1TraceRatio;
        if (start.Value is not > 0.0 || end.Value is not > 0.0 || last.Value is not > 0.0)
            return null;
        string rate = layers.Count > 1 ? $"; at the layers' inputs it falls by {Format.Text(Math.Log(start.Value.Value / last.Value.Value) / (layers.Count - 1))} nats a layer" : "";
        return $"NC1 is {Format.Text(start)} at the first layer's input and {Format.Text(end)} after the last layer's metric{rate}.";
    }

    private static string? Steps(IReadOnlyList<DeepRfmLayerReport> layers)
    {
        double[] root = Defined(layers, static layer => layer.Factors.Root), features = Defined(layers, static layer => layer.Factors.Features);
        if (root.Length < layers.Count || features.Length < layers.Count)
            return null;
        string verdict = (root.All(static factor => factor < 1.0), features.All(static factor => factor >= 1.0)) switch
        {
            (true, true) => "the metric does the collapsing at every layer, and the random features none of it",
            (true, false) => "the metric lowers it at every layer",
            _ => "neither step lowers it at every layer",
        };
        return $"The step by the metric's root M^½ multiplies NC1 by {Range(root)}, the random features by {Range(features)}: {verdict}. Over all layers ln NC1 changes by {Nats(root)} by the metric and by {Nats(features)} by the features.";
    }

    private static string? Means(IReadOnlyList<DeepRfmLayerReport> layers)
    {
        Number start = layers[0].Stages.X.Nc2SimplexDistance, end = layers[^1].Stages.Mx.Nc2SimplexDistance;
        return start.IsDefined && end.IsDefined
            ? $"The class means' distance from a simplex (NC2) goes from {Format.Text(start)} at the first layer's input to {Format.Text(end)} after the last layer's metric."
            : null;
    }

    private static double[] Defined(IReadOnlyList<DeepRfmLayerReport> layers, Func<DeepRfmLayerReport, Number> value) =>
        [.. layers.Select(value).Where(static number => number.Value is > 0.0).Select(static number => number.Value!.Value)];

    private static string Range(double[] values) => values.Length == 1 ? Format.Text(values[0]) : $"{Format.Text(values.Min())} to {Format.Text(values.Max())}";

    private static string Nats(double[] factors) => factors.Sum(Math.Log).ToString("+0.00;−0.00", CultureInfo.InvariantCulture);
}
