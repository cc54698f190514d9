using System.Globalization;
using Eigenscope.Learning.Networks;

namespace Eigenscope.Experiments.Recipes;

/// <summary>Whether what an analysis keeps in memory can be held, before anything is measured. Every refusal names what to change and, where there is one, a value that fits.</summary>
internal static class AnalyzeSize
{
    private static readonly long LargestOrder = (long)Math.Sqrt(Array.MaxLength);

    /// <summary>Refuses what no array holds.</summary>
    /// <exception cref="UsageException">Model, samples or pairs are too many for one another.</exception>
    public static void Require(AnalyzePlan plan)
    {
        RequirePairs(plan);
        long widest = plan.Network.WeightLayers.Max(static layer => Math.Max(layer.InputSize, layer.OutputSize));
        if (plan.Samples.Count * widest > Array.MaxLength)
            throw new UsageException(Text($"--samples must be at most {Array.MaxLength / widest} for a layer with {widest:N0} values a sample, which one array holds for all samples, got {plan.Samples.Count}"));
        if (plan.Network.WeightLayers.OfType<DenseLayer>().FirstOrDefault(static layer => layer.Positions == 1 && Math.Max(layer.InputSize, layer.OutputSize) > LargestOrder) is { } wide)
            throw new UsageException(Text($"{plan.Path}: a dense layer is measured by square matrices of the order of its inputs and outputs, at most {LargestOrder} in one array, and {wide.Name} has {Math.Max(wide.InputSize, wide.OutputSize)}"));
        double means = (double)plan.Classes * plan.Classes * plan.Network.WeightLayers.Max(static layer => layer is ConvolutionLayer ? Math.Max(layer.OutputSize, layer.Weight.Length) : layer.OutputSize);
        if (means > Array.MaxLength && plan.Samples.NoClasses is null)
            throw new UsageException(Text($"{plan.Path}: one gradient for each of {plan.Classes} classes and {plan.Classes} logits in its largest layer are {means:N0} numbers, more than one array can hold"));
    }

    private static void RequirePairs(AnalyzePlan plan)
    {
        if (OperatorNames.IsNone(plan.Options.Operators))
            return;
        long vectors = StudySize.Vectors(plan.Pairs, plan.Options.Bottom, Math.Min(plan.Classes, plan.Pairs), plan.Network.ParameterCount);
        if (!StudySize.Fits(vectors, plan.Network.ParameterCount))
            throw new UsageException(Text($"{plan.Path} has {plan.Network.ParameterCount:N0} parameters, and {vectors:N0} vectors of that length, for {plan.Pairs} pairs, are more than one array can hold; a smaller --top fits, or --operators {OperatorNames.None}"));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
