using Eigenscope.Analysis;
using Eigenscope.Analysis.Collapse;

namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>The network at a glance: one number a layer, from the input to the logits.</summary>
internal static class GlanceSection
{
    private const int MostColumns = 64;
    private const double LeastLogarithm = -6.0;

    public static PageSection Build(IReadOnlyList<LayerReport> layers, OutputReport? output, IReadOnlyList<SpectrumReport> spectra, int classes)
    {
        List<PageFigure> figures = [Variability(layers, output), Geometry(layers, output)];
        if (layers.Count > 1)
            figures.AddRange([Ranks(layers, classes), Shares(layers)]);
        if (Curvature(layers, spectra, classes) is { } curvature)
            figures.Add(curvature);
        if (layers.Count > 1 && RankBound(layers, classes) is { } bound)
            figures.Add(bound);
        if (layers.Count > 1)
            figures.AddRange(GlancePredictions.Build(layers, spectra));
        if (layers.Count > 1)
            figures.Add(WeightPicture(layers, classes));
        return new PageSection
        {
            Title = "The network at a glance",
            Anchor = "glance",
            Sentence = "Each layer from the input on; what is drawn at a layer belongs to the features that enter it, or to its weight.",
            Figures = [.. figures.Where(static figure => figure is not LineFigure { Lines: var lines } || lines.Any(static line => line.Y.Any(static value => value is not null)))],
        };
    }

    private static LineFigure Variability(IReadOnlyList<LayerReport> layers, OutputReport? output)
    {
        CollapseReport[] collapse = Collapse(layers, output);
        LayerLine nc1 = new("NC1", [.. collapse.Select(static c => c.Nc1TraceRatio)]);
        LayerLine cdnv = new("CDNV", [.. collapse.Select(static c => c.Nc1Cdnv)]);
        return Along(
            Names(layers, output),
            new PageFigureText("glance-variability", "Variability within the classes", $"NC1 goes from {SubsetErrors.Nc1(layers[0].Input)} at the input to {(output is null ? $"{Last(nc1)} at the last layer" : $"{SubsetErrors.Nc1(output)} at the logits")}.", Formulas.Variability),
            "relative to the spread of class means",
            isLogarithmic: true,
            [nc1, cdnv]);
    }

    private static LineFigure Geometry(IReadOnlyList<LayerReport> layers, OutputReport? output)
    {
        CollapseReport[] collapse = Collapse(layers, output);
        LayerLine norms = new("norms (NC2)", [.. collapse.Select(static c => c.Nc2Equinorm)]);
        LayerLine angles = new("angles (NC2)", [.. collapse.Select(static c => c.Nc2Equiangle)]);
        LayerLine alignment = new("weight and means (NC3)", [.. collapse.Select(static c => c.Nc3Alignment)]);
        int last = layers.Count - 1;
        return Along(
            Names(layers, output),
            new PageFigureText(
                "glance-geometry",
                "Geometry of the class means",
                $"At the input of the last layer the class means' norms spread by {Format.Text(norms.Values[last])} of their mean, and their angles are {Format.Text(angles.Values[last])} from those of a simplex.",
                Formulas.MeanGeometry),
            "distance from collapse",
            isLogarithmic: true,
            [norms, angles, alignment]);
    }

    private static LineFigure Ranks(IReadOnlyList<LayerReport> layers, int classes)
    {
        LayerLine numerical = new("numerical rank", [.. layers.Select(static layer => layer.Weight.NumericalRank)]);
        LineFigure figure = Along(
            Names(layers, null),
            new PageFigureText("glance-ranks", "Ranks of the weights", $"The numerical rank of the weights goes from {First(numerical)} to {Last(numerical)}, with K = {Format.Text(classes)} classes.", Formulas.Ranks),
            "rank",
            isLogarithmic: true,
            [numerical, new("stable rank", [.. layers.Select(static layer => layer.Weight.StableRank)]), new("effective rank", [.. layers.Select(static layer => layer.Weight.EffectiveRank)])]);
        double[] ends = [0.0, layers.Count - 1.0];
        return figure with { Lines = [.. figure.Lines, new LineSeries("K", ends, [classes, classes], IsPredicted: true)] };
    }

    private static LineFigure Shares(IReadOnlyList<LayerReport> layers)
    {
        LayerLine alignment = new("gradient in top K", [.. layers.Select(static layer => layer.Gradient.AlignmentTopK)]);
        LayerLine nfa = new("NFA", [.. layers.Select(static layer => layer.Nfa.Pearson)]);
        string sentence = alignment.Values.Any(static number => number.IsDefined)
            ? $"Between {Extreme(alignment, Enumerable.Min)} and {Extreme(alignment, Enumerable.Max)} of each weight's gradient lies in the top-K eigenspace of its own Hessian."
            : $"WᵀW correlates with {FeatureLearning.Power(layers[^1])} by {Extreme(nfa, Enumerable.Min)} to {Extreme(nfa, Enumerable.Max)}; no layer's Hessian was solved far enough to say how much of the gradient lies in its top-K eigenspace.";
        return Along(
            Names(layers, null),
            new PageFigureText("glance-shares", "Alignments", sentence, Formulas.Shares),
            "share or correlation",
            isLogarithmic: false,
            [alignment, nfa, new("nearest mean agrees (NC4)", [.. layers.Select(static layer => layer.Input.Collapse.Nc4Agreement)])]);
    }

    private static LineFigure? Curvature(IReadOnlyList<LayerReport> layers, IReadOnlyList<SpectrumReport> spectra, int classes)
    {
        SpectrumReport?[] own = [.. layers.Select(layer => spectra.FirstOrDefault(spectrum => spectrum is { Operator: "hessian", IncludesWeightDecay: false } && string.Equals(spectrum.Scope, layer.Weight.Parameter, StringComparison.Ordinal)))];
        if (layers.Count < 2 || own.All(static spectrum => spectrum is null))
            return null;
        LayerLine At(int rank, string name) => new(name, [.. own.Select(spectrum => spectrum is not null && spectrum.Eigenvalues.Count >= rank ? Number.Of(spectrum.Eigenvalues[rank - 1]) : Number.Undefined("fewer eigenvalues were computed"))]);
        LayerLine top = At(1, "rank 1"), kth = At(classes, "rank K");
        return Along(
            Names(layers, null),
            new PageFigureText(
                "glance-curvature",
                "Eigenvalues of the layers' Hessians",
                $"The largest eigenvalue lies between {Extreme(top, Enumerable.Min)} and {Extreme(top, Enumerable.Max)}, that of rank K = {Format.Text(classes)} between {Extreme(kth, Enumerable.Min)} and {Extreme(kth, Enumerable.Max)}; where collapse has set outliers apart from the bulk, rank K² lies above rank K² + 1.",
                Formulas.LayerHessian),
            "eigenvalue",
            isLogarithmic: true,
            [top, kth, At(classes * classes, "rank K²"), At((classes * classes) + 1, "rank K² + 1")]);
    }

    private static LineFigure? RankBound(IReadOnlyList<LayerReport> layers, int classes)
    {
        LayerLine distance = new("distance to rank K", [.. layers.Select(static layer => Number.Of(layer.TcvBound.Distance))]);
        LayerLine bound = new("its bound", [.. layers.Select(static layer => Bound(layer.TcvBound))]);
        if (bound.Values.Count(static number => number.IsDefined) < Math.Min(2, layers.Count))
            return null;
        int held = distance.Values.Zip(bound.Values).Count(static pair => pair.First.Value <= pair.Second.Value);
        return Along(
            Names(layers, null),
            new PageFigureText(
                "glance-bound",
                "Distance of the weights to rank K",
                $"The distances to rank K = {Format.Text(classes)} lie between {Extreme(distance, Enumerable.Min)} and {Extreme(distance, Enumerable.Max)}, and under the bound by the features' variability at {Format.Text(held)} of {Format.Text(bound.Values.Count(static number => number.IsDefined))} layers.",
                Formulas.RankBound),
            "Frobenius norm",
            isLogarithmic: true,
            [distance, bound]);
    }

    private static Number Bound(TcvBound bound) => bound is { Middle.Value: { } middle, Slack.Value: { } slack } ? Number.Of(middle + slack) : bound.Middle;

    private static HeatFigure WeightPicture(IReadOnlyList<LayerReport> layers, int classes)
    {
        int columns = Math.Min(MostColumns, layers.Max(static layer => layer.Weight.SingularValues?.Count ?? 0));
        string[] cells = [.. layers.Select(static layer => layer.Name)];
        return new HeatFigure
        {
            Id = "glance-weights",
            Title = "Singular values of all weights",
            Sentence = $"One row a layer, the first {Format.Text(columns)} singular values from the left, each over the largest of its weight: where a row fades, its rank ends.",
            Formula = Formulas.Weights,
            IsWide = true,
            Low = LeastLogarithm,
            High = 0.0,
            Scale = "σⱼ/σ₁",
            IsLogarithmic = true,
            Panels =
            [
                new HeatPanel
                {
                    Title = "",
                    Rows = layers.Count,
                    Columns = columns,
                    Cells = HeatCells.Encode([.. layers.SelectMany(layer => Row(layer.Weight.SingularValues ?? [], columns))], LeastLogarithm, 0.0),
                    RowNames = cells,
                    ColumnLabel = "j",
                    Marks = classes < columns ? [new MarkedRank(classes, "K")] : [],
                },
            ],
        };
    }

    private static IEnumerable<double> Row(IReadOnlyList<double> values, int columns) => Enumerable.Range(0, columns).Select(j =>
        j < values.Count && values[j] > 0.0 ? Math.Max(LeastLogarithm, Math.Log10(values[j] / values[0])) : LeastLogarithm);

    public static LineFigure Along(IReadOnlyList<string> names, PageFigureText text, string label, bool isLogarithmic, IReadOnlyList<LayerLine> lines)
    {
        LayerLine[] drawn = [.. lines.Where(static line => line.Values.Any(static number => number.IsDefined))];
        double[] values = [.. drawn.SelectMany(static line => line.Values).Where(static number => number.IsDefined).Select(static number => number.Value!.Value)];
        return new LineFigure
        {
            Id = text.Id,
            Title = text.Title,
            Sentence = text.Sentence,
            Formula = text.Formula,
            Note = isLogarithmic ? Axes.MissingNote(values) : null,
            X = Axes.Named("layer", names),
            Y = isLogarithmic ? Axes.Logarithmic(label, values) : Axes.Linear(label, values, 0.0, 1.0),
            Lines = [.. drawn.Select(line => new LineSeries(line.Name, [.. Enumerable.Range(0, line.Values.Count).Select(static i => (double)i)], isLogarithmic ? Axes.Drawable([.. line.Values.Select(static number => number.Value)], values) : [.. line.Values.Select(static number => number.Value)]))],
        };
    }

    private static CollapseReport[] Collapse(IReadOnlyList<LayerReport> layers, OutputReport? output) =>
        [.. layers.Select(static layer => layer.Input.Collapse), .. output is null ? Array.Empty<CollapseReport>() : [output.Collapse]];

    public static string[] Names(IReadOnlyList<LayerReport> layers, OutputReport? output) =>
        [.. layers.Select(static layer => layer.Name), .. output is null ? Array.Empty<string>() : ["logits"]];

    private static string First(LayerLine line) => Format.Text(line.Values[0]);

    private static string Last(LayerLine line) => Format.Text(line.Values[^1]);

    public static string Extreme(LayerLine line, Func<IEnumerable<double>, double> choose)
    {
        double[] defined = [.. line.Values.Where(static number => number.IsDefined).Select(static number => number.Value!.Value)];
        return defined.Length == 0 ? Format.Undefined : Format.Text(choose(defined));
    }
}
