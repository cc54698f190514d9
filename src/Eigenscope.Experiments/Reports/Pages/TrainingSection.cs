using Eigenscope.Analysis;

namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>What changed along training.</summary>
internal static class TrainingSection
{
    private const int MostLines = 8;
    private const double LeastShare = -1.0;
    private const double MostShare = 2.0;

    /// <summary>Builds the section.</summary>
    /// <param name="trajectory">The moments measured, in order.</param>
    /// <param name="classes">K.</param>
    /// <param name="moment">What the moments count: "epoch".</param>
    /// <returns>The section; null when there are not two moments to compare.</returns>
    public static PageSection? Build(IReadOnlyList<TrajectoryPoint> trajectory, int classes, string moment = "epoch")
    {
        if (trajectory.Count < 2)
            return null;
        List<PageFigure> figures = [Objective(trajectory), Collapse(trajectory), Alignment(trajectory), StableRank(trajectory), .. LowRankFigures(trajectory), .. FeatureLearningFigures(trajectory)];
        if (trajectory.Any(static point => point.Spectra.Count > 0))
            figures.Add(Curvature(trajectory, classes));
        if (trajectory.Count > 2 && trajectory.Any(static point => point.Spectra.Any(static spectrum => spectrum.OverlapWithPrevious.IsDefined)))
            figures.Add(Overlap(trajectory));
        figures.RemoveAll(static figure => figure is LineFigure { Lines.Count: 0 });
        return new PageSection
        {
            Title = "Along training",
            Anchor = "training",
            Sentence = $"Measured at {Format.Text(trajectory.Count)} moments, from the initial weights to {moment} {Format.Text(trajectory[^1].Epoch)}.",
            Figures = [.. figures.Select(figure => figure is LineFigure line ? line with { X = line.X with { Label = moment } } : figure)],
        };
    }

    private static LineFigure Objective(IReadOnlyList<TrajectoryPoint> trajectory) => Figure(
        trajectory,
        new PageFigureText(
            "training-objective",
            "Objective and gradient",
            $"The objective falls from {Format.Text(trajectory[0].Loss)} to {Format.Text(trajectory[^1].Loss)}, the norm of the data loss's gradient goes from {Format.Text(trajectory[0].GradientNorm)} to {Format.Text(trajectory[^1].GradientNorm)}.",
            Formulas.Objective),
        "value",
        isLogarithmic: true,
        [
            ("objective", static point => Number.Of(point.Loss)),
            ("data loss", static point => Number.Of(point.DataLoss)),
            ("gradient norm", static point => Number.Of(point.GradientNorm)),
        ]);

    private static LineFigure Collapse(IReadOnlyList<TrajectoryPoint> trajectory)
    {
        int[] layers = Selection(trajectory[^1].Layers.Count);
        Number first = trajectory[0].Layers[^1].Input.Collapse.Nc1TraceRatio, last = trajectory[^1].Layers[^1].Input.Collapse.Nc1TraceRatio;
        return OfLayers(
            trajectory,
            layers,
            new PageFigureText("training-collapse", "Collapse at the layers' inputs", $"At the input of the last layer NC1 goes from {Format.Text(first)} to {Format.Text(last)}.", Formulas.Nc1),
            "NC1",
            isLogarithmic: true,
            static layer => layer.Input.Collapse.Nc1TraceRatio);
    }

    private static LineFigure Alignment(IReadOnlyList<TrajectoryPoint> trajectory)
    {
        int[] layers = Selection(trajectory[^1].Layers.Count);
        Number[] final = [.. trajectory[^1].Layers.Select(static layer => layer.Gradient.AlignmentTopK).Where(static number => number.IsDefined)];
        string sentence = final.Length == 0
            ? "At the end no layer's Hessian was solved far enough for it."
            : $"At the end between {Format.Percent(final.Min(static number => number.Value!.Value))} and {Format.Percent(final.Max(static number => number.Value!.Value))} of a weight's gradient lies in the top-K eigenspace of its Hessian.";
        LineFigure figure = OfLayers(trajectory, layers, new PageFigureText("training-alignment", "Gradient in the top-K eigenspace", sentence, Formulas.Alignment), "share of the gradient", isLogarithmic: false, static layer => layer.Gradient.AlignmentTopK);
        return figure with { Lines = [.. figure.Lines, .. Lines(trajectory, [("all parameters", static point => Full(point)?.AlignmentTopK ?? Number.Undefined("not solved"))]).Select(static line => line with { IsWhole = true })] };
    }

    private static LineFigure StableRank(IReadOnlyList<TrajectoryPoint> trajectory)
    {
        int[] layers = Selection(trajectory[^1].Layers.Count);
        LayerReport before = trajectory[0].Layers[^1], after = trajectory[^1].Layers[^1];
        return OfLayers(
            trajectory,
            layers,
            new PageFigureText("training-rank", "Stable rank of the weights", $"The last weight's stable rank goes from {Format.Text(before.Weight.StableRank)} to {Format.Text(after.Weight.StableRank)}.", Formulas.StableRank),
            "stable rank",
            isLogarithmic: true,
            static layer => layer.Weight.StableRank);
    }

    private static IEnumerable<LineFigure> LowRankFigures(IReadOnlyList<TrajectoryPoint> trajectory)
    {
        int[] layers = Selection(trajectory[^1].Layers.Count);
        IReadOnlyList<LayerReport> final = trajectory[^1].Layers;
        yield return OfLayers(
            trajectory, layers, new PageFigureText("training-rank-distance", "Distance of the weights to rank K", $"At the end the distance to rank K over the weight's norm is {List(final, static layer => layer.Weight.RelativeRankKDistance)}.", Formulas.RelativeDistance), "relative distance", isLogarithmic: true, static layer => layer.Weight.RelativeRankKDistance);
        yield return OfLayers(
            trajectory, layers, new PageFigureText("training-numerical-rank", "Numerical rank of the weights", $"At the end {List(final, static layer => layer.Weight.NumericalRank)} singular values are above a thousandth of the largest.", Formulas.Ranks), "numerical rank", isLogarithmic: true, static layer => layer.Weight.NumericalRank);
        yield return OfLayers(
            trajectory, layers, new PageFigureText("training-tcv", "Total cluster variation", $"At the end it is {List(final, static layer => layer.Input.Collapse.Tcv)} at the layers' inputs.", Formulas.Tcv), "total cluster variation", isLogarithmic: true, static layer => layer.Input.Collapse.Tcv);
    }

    private static IEnumerable<LineFigure> FeatureLearningFigures(IReadOnlyList<TrajectoryPoint> trajectory)
    {
        IReadOnlyList<LayerReport> final = trajectory[^1].Layers;
        int[] dense = [.. Enumerable.Range(0, final.Count).Where(l => final[l].Kind is "dense")];
        int[] layers = [.. Selection(dense.Length).Select(i => dense[i])];
        string power = FeatureLearning.Power(final[^1]);
        string formula = final[^1].Agop.IsCentred ? Formulas.CentredNfa : Formulas.Nfa;
        yield return OfLayers(trajectory, layers, new PageFigureText("training-nfa", "Neural feature ansatz", $"The correlation of WᵀW with {power} at the layers' inputs is {List(final, static layer => layer.Nfa.Pearson)} at the end.", formula), "correlation", isLogarithmic: false, static layer => layer.Nfa.Pearson, dense.Length);
        yield return OfLayers(
            trajectory, layers, new PageFigureText("training-nfa-change", "Neural feature ansatz of what was learned", $"The correlation of what training added to the weights with {power} is {List(final, static layer => layer.NfaChange.Pearson)} at the end.", Formulas.NfaChange), "correlation", isLogarithmic: false, static layer => layer.NfaChange.Pearson, dense.Length);
        LineFigure shares = OfLayers(
            trajectory, layers, new PageFigureText("training-share", "Share of the collapse done by the weights", $"At the end S Vᵀ of the weights does {List(final, BentShare)} of the layers' fall in ln NC1; U, bias and activation do the rest.", Formulas.RightShare), "right share", isLogarithmic: false, DrawnShare, dense.Length);
        int outside = trajectory.Sum(static point => FeatureLearning.Bent(point.Layers).Count(static layer => BentShare(layer).IsDefined && !DrawnShare(layer).IsDefined));
        yield return outside == 0 ? shares : shares with { Note = $"{Axes.Count(outside, "value")} outside {Format.Text(LeastShare)} … {Format.Text(MostShare)}, where one step undoes the other, {(outside == 1 ? "is" : "are")} not drawn. {shares.Note}".Trim() };
    }

    // A linear layer has the share 1 whatever it does.
    private static Number BentShare(LayerReport layer) => layer.CollapseSteps.Left == layer.CollapseSteps.Right ? Number.Undefined("the layer is linear") : layer.CollapseSteps.RightShare;

    private static Number DrawnShare(LayerReport layer) => BentShare(layer) is { Value: >= LeastShare and <= MostShare } drawn ? drawn : Number.Undefined("outside of what is drawn");

    private static string List(IReadOnlyList<LayerReport> layers, Func<LayerReport, Number> value) =>
        NumberList.Text([.. layers.Select(value).Where(static number => number.IsDefined)]) is { Length: > 0 } list ? list : Format.Undefined;

    private static LineFigure Curvature(IReadOnlyList<TrajectoryPoint> trajectory, int classes)
    {
        static Number At(TrajectoryPoint point, int rank) => Full(point) is { } full && full.Eigenvalues.Count >= rank ? Number.Of(full.Eigenvalues[rank - 1]) : Number.Undefined("not computed");
        (string name, int rank) = At(trajectory[0], classes * classes).IsDefined && At(trajectory[^1], classes * classes).IsDefined ? ("K²", classes * classes) : ("K", classes);
        return Figure(
            trajectory,
            new PageFigureText(
                "training-curvature",
                "Eigenvalues of the full Hessian",
                $"The largest goes from {Format.Text(At(trajectory[0], 1))} to {Format.Text(At(trajectory[^1], 1))}, that of rank {name} = {Format.Text(rank)} from {Format.Text(At(trajectory[0], rank))} to {Format.Text(At(trajectory[^1], rank))}.",
                Formulas.Hessian),
            "eigenvalue",
            isLogarithmic: true,
            [("rank 1", static point => At(point, 1)), ("rank K", point => At(point, classes)), ("rank K²", point => At(point, classes * classes))]);
    }

    private static LineFigure Overlap(IReadOnlyList<TrajectoryPoint> trajectory)
    {
        int[] layers = Selection(trajectory[^1].Layers.Count);
        Number last = Full(trajectory[^1])?.OverlapWithPrevious ?? Number.Undefined("not solved");
        List<(string Name, Func<TrajectoryPoint, Number> Value)> lines = [];
        foreach (int l in layers)
        {
            string parameter = trajectory[^1].Layers[l].Weight.Parameter;
            lines.Add(($"layer {trajectory[^1].Layers[l].Name}", point => point.Spectra.FirstOrDefault(spectrum => string.Equals(spectrum.Scope, parameter, StringComparison.Ordinal))?.OverlapWithPrevious ?? Number.Undefined("not solved")));
        }
        lines.Add(("all parameters", static point => Full(point)?.OverlapWithPrevious ?? Number.Undefined("not solved")));
        LineFigure figure = Figure(
            trajectory,
            new PageFigureText("training-overlap", "How far top eigenspaces stay where they were", $"The full Hessian's top-K eigenspace overlaps that of the moment before by {Format.Text(last)} at the end; 1 is the same space.", Formulas.Overlap),
            "overlap with the moment before",
            isLogarithmic: false,
            lines);
        return figure with { IsOrdered = true, Note = Thinned(layers, trajectory[^1].Layers.Count), Lines = [.. figure.Lines.Select(static line => line with { IsWhole = line.Name is "all parameters" })] };
    }

    private static TrajectorySpectrum? Full(TrajectoryPoint point) => point.Spectra.FirstOrDefault(static spectrum => spectrum.Scope is "all" && spectrum.Operator is "hessian");

    private static LineFigure OfLayers(IReadOnlyList<TrajectoryPoint> trajectory, int[] layers, PageFigureText text, string label, bool isLogarithmic, Func<LayerReport, Number> value, int? of = null)
    {
        IReadOnlyList<LayerReport> final = trajectory[^1].Layers;
        LineFigure figure = Figure(trajectory, text, label, isLogarithmic, [.. layers.Select(l => ($"layer {final[l].Name}", (Func<TrajectoryPoint, Number>)(point => value(point.Layers[l]))))]);
        return figure with { IsOrdered = true, Note = Thinned(layers, of ?? final.Count) is { } thinned ? $"{thinned} {figure.Note}".Trim() : figure.Note };
    }

    private static LineFigure Figure(IReadOnlyList<TrajectoryPoint> trajectory, PageFigureText text, string label, bool isLogarithmic, IReadOnlyList<(string Name, Func<TrajectoryPoint, Number> Value)> values)
    {
        LineSeries[] lines = [.. Lines(trajectory, values)];
        double[] drawn = [.. lines.SelectMany(static line => line.Y).OfType<double>()];
        if (isLogarithmic)
            lines = [.. lines.Select(line => line with { Y = Axes.Drawable(line.Y, drawn) })];
        return new LineFigure
        {
            Id = text.Id,
            Title = text.Title,
            Sentence = text.Sentence,
            Formula = text.Formula,
            X = Axes.Epochs([.. trajectory.Select(static point => (double)point.Epoch)]),
            Y = isLogarithmic ? Axes.Logarithmic(label, drawn) : Axes.Linear(label, drawn, 0.0, 1.0),
            Lines = lines,
            Note = isLogarithmic ? Axes.MissingNote(drawn) : null,
        };
    }

    private static IEnumerable<LineSeries> Lines(IReadOnlyList<TrajectoryPoint> trajectory, IReadOnlyList<(string Name, Func<TrajectoryPoint, Number> Value)> values)
    {
        double[] epochs = [.. trajectory.Select(static point => (double)point.Epoch)];
        return values.Select(entry => new LineSeries(entry.Name, epochs, [.. trajectory.Select(point => entry.Value(point).Value)]))
            .Where(static line => line.Y.Any(static value => value is not null));
    }

    // The first, the last, and layers evenly between them.
    private static int[] Selection(int layers) => layers <= MostLines
        ? [.. Enumerable.Range(0, layers)]
        : [.. Enumerable.Range(0, MostLines).Select(i => (int)Math.Round((double)i * (layers - 1) / (MostLines - 1)))];

    private static string? Thinned(int[] shown, int layers) => shown.Length == layers ? null : $"{Format.Text(shown.Length)} of the {Format.Text(layers)} layers are drawn.";
}
