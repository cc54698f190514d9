using Eigenscope.Analysis;
using Eigenscope.Experiments.Recipes;

namespace Eigenscope.Experiments.Reports;

/// <summary>A run of Deep RFM as tables for people.</summary>
internal static class DeepRfmTables
{
    public static IReadOnlyList<SummaryTable> Build(DeepRfmPlan plan, DeepRfmResult result) => [Collapse(result), Machines(plan, result)];

    private static SummaryTable Collapse(DeepRfmResult result)
    {
        IEnumerable<(string What, string Where, Number Number)> numbers = result.Layers.SelectMany(static layer => Stages(layer).SelectMany(stage => new[]
        {
            ("NC1", Format.Text(layer.Layer), stage.Nc1TraceRatio),
            ("NC2", Format.Text(layer.Layer), stage.Nc2SimplexDistance),
        }));
        return new SummaryTable(
            "Collapse through the layers",
            [Numeric("layer"), Numeric("dim"), Numeric("NC1 X"), Numeric("NC1 M½X"), Numeric("NC1 Φ"), Numeric("× M½"), Numeric("× Φ"), Numeric("NC2 X"), Numeric("NC2 M½X"), Numeric("NC2 Φ")],
            [.. result.Layers.Select(static layer => (IReadOnlyList<string>)
            [
                Format.Text(layer.Layer),
                Format.Text(layer.Dimension),
                .. Stages(layer).Select(static stage => Format.Text(stage.Nc1TraceRatio)),
                Format.Text(layer.Factors.Root),
                Format.Text(layer.Factors.Features),
                .. Stages(layer).Select(static stage => Format.Text(stage.Nc2SimplexDistance)),
            ])],
            [
                "X: what enters the layer, rows of unit norm; M½X: after the root of the metric; Φ: the random features of it, the next layer's X before its rows are normalised. NC1 tr Σ_W / tr Σ_B; NC2: simplex distance of the class means; ×: what the step multiplies NC1 by.",
                .. UndefinedNotes.Lines(numbers, [.. result.Layers.Select(static layer => Format.Text(layer.Layer))]),
            ]);
    }

    private static SummaryTable Machines(DeepRfmPlan plan, DeepRfmResult result) => new(
        "Kernel machines of the layers",
        [Numeric("layer"), Numeric("train acc."), Numeric("test acc."), Numeric("train loss"), Numeric("AGOP λ₁"), Numeric("λ_K"), Numeric("trace"), Numeric("in K"), Text("solved by"), Numeric("near pairs"), Numeric("seconds")],
        [.. result.Layers.Select(layer => (IReadOnlyList<string>)
        [
            Format.Text(layer.Layer),
            Format.Percent(layer.TrainAccuracy),
            layer.TestAccuracy.Value is { } test ? Format.Percent(test) : Format.Undefined,
            Format.Text(layer.TrainLoss),
            At(layer, 1),
            At(layer, plan.Classes),
            Format.Text(layer.Agop.Trace),
            Share(layer, plan.Classes),
            layer.Solver.Text,
            Format.Text(layer.Solver.Distances.Recomputed),
            Format.Text(layer.Seconds),
        ])],
        [
            $"Metric: {result.MetricFrom}. λ and trace are those of the plain mean; in K: share of the trace in the K largest eigenvalues; near pairs: distances computed from differences, lest digits cancel.",
            .. result.TestSamples == 0 ? ["– test acc.: no test data; --test-fraction holds some out."] : Array.Empty<string>(),
        ]);

    private static CollapseReport[] Stages(DeepRfmLayerReport layer) => [layer.Stages.X, layer.Stages.Mx, layer.Stages.Phi];

    private static string At(DeepRfmLayerReport layer, int rank) => layer.Agop.Eigenvalues!.Count >= rank ? Format.Text(layer.Agop.Eigenvalues[rank - 1]) : Format.Undefined;

    private static string Share(DeepRfmLayerReport layer, int classes) => layer.Agop.Trace.Value is { } trace and > 0.0 ? Format.Percent(layer.Agop.Eigenvalues!.Take(classes).Sum() / trace) : Format.Undefined;

    private static SummaryColumn Text(string header) => new(header, IsNumeric: false);

    private static SummaryColumn Numeric(string header) => new(header, IsNumeric: true);
}
