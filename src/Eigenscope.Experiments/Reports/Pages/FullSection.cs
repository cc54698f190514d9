namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>The spectra of the network as a whole.</summary>
internal static class FullSection
{
    private const int MostMoments = 6;

    /// <summary>Builds the section.</summary>
    /// <param name="spectra">All spectra; those of single layers' data loss are left out.</param>
    /// <param name="trajectory">The moments measured, in order.</param>
    /// <param name="layers">The layers.</param>
    /// <param name="classes">K.</param>
    /// <param name="moment">What the moments count: "epoch".</param>
    /// <param name="scope">What the scope "all" is.</param>
    /// <returns>The section; null when no such spectrum was computed.</returns>
    public static PageSection? Build(IReadOnlyList<SpectrumReport> spectra, IReadOnlyList<TrajectoryPoint> trajectory, IReadOnlyList<LayerReport> layers, int classes, string moment = "epoch", string scope = "Over all parameters at once, biases included.")
    {
        HashSet<string> parameters = new(layers.Select(static layer => layer.Weight.Parameter), StringComparer.Ordinal);
        SpectrumReport[] whole = [.. spectra.Where(spectrum => !(spectrum is { Operator: "hessian", IncludesWeightDecay: false } && parameters.Contains(spectrum.Scope)))];
        List<PageFigure> figures = [.. whole.Where(static spectrum => spectrum.SameAs is null).SelectMany(spectrum => Figures(spectrum, classes))];
        if (Along(trajectory, classes, moment) is { } along)
            figures.Add(along);
        if (figures.Count == 0)
            return null;
        return new PageSection
        {
            Title = "The full Hessian",
            Anchor = "full",
            Sentence = $"{scope} Where the Gauss–Newton matrix has the same eigenvalues, the curvature comes from the loss; where it has not, from the network's own.",
            Points = [.. whole.Where(static spectrum => spectrum.SameAs is not null).Select(static spectrum => $"The {OperatorTitles.Of(spectrum.Operator)} is the {OperatorTitles.Of(spectrum.SameAs!)} for this loss: its spectrum is that one.")],
            Figures = figures,
        };
    }

    private static IEnumerable<PageFigure> Figures(SpectrumReport spectrum, int classes)
    {
        SpectrumFigure figure = Figure(spectrum, classes);
        return DensityFigures.Of(spectrum, figure.Id, figure.Title).Prepend<PageFigure>(figure with { IsWide = spectrum.Density is not null });
    }

    private static SpectrumFigure Figure(SpectrumReport spectrum, int classes)
    {
        string title = OperatorTitles.Of(spectrum.Operator);
        string what = $"{char.ToUpperInvariant(title[0])}{title[1..]}";
        string of = spectrum.IncludesWeightDecay ? " of the objective, decay included" : "";
        string scope = spectrum.Scope switch
        {
            "all" => "",
            "all+features" => ", in weights and features",
            _ => $", in {spectrum.Scope}",
        };
        string id = $"full-{(spectrum.IncludesWeightDecay ? "objective-" : "")}{Anchors.Of(spectrum.Operator)}-{Anchors.Of(spectrum.Scope)}";
        SpectrumFigure figure = SpectrumFigures.Of(spectrum, id, $"{what}{of}{scope}", Formula(spectrum), classes);
        return spectrum.Trace is { } trace ? figure with { Sentence = $"{figure.Sentence[..^1]}; the trace is {Format.Text(trace.Mean)}{(trace.StandardError > 0.0 ? $" ± {Format.Text(trace.StandardError)}" : "")}." } : figure;
    }

    private static string Formula(SpectrumReport spectrum) => spectrum.Operator switch
    {
        "hessian" => spectrum.IncludesWeightDecay ? Formulas.ObjectiveHessian : Formulas.Hessian,
        "empirical-fisher" => Formulas.EmpiricalFisher,
        "gradient-covariance" => Formulas.GradientCovariance,
        _ => Formulas.GaussNewton,
    };

    private static SpectrumFigure? Along(IReadOnlyList<TrajectoryPoint> trajectory, int classes, string moment)
    {
        TrajectoryPoint[] moments = [.. trajectory.Where(static point => Full(point) is { Eigenvalues.Count: > 0 })];
        if (moments.Length < 2)
            return null;
        TrajectoryPoint[] shown = [.. Enumerable.Range(0, Math.Min(MostMoments, moments.Length)).Select(i => moments[(int)Math.Round((double)i * (moments.Length - 1) / (Math.Min(MostMoments, moments.Length) - 1))])];
        SpectrumFigure figure = SpectrumFigures.OfLists(
            new PageFigureText(
                "full-along-training",
                "The Hessian's top eigenvalues along training",
                $"From {moment} {Format.Text(shown[0].Epoch)} to {moment} {Format.Text(shown[^1].Epoch)}: the largest goes from {Format.Text(Full(shown[0])!.Eigenvalues[0])} to {Format.Text(Full(shown[^1])!.Eigenvalues[0])}.",
                Formulas.Hessian),
            "eigenvalue",
            [.. shown.Select(point => new SpectrumList($"{moment} {Format.Text(point.Epoch)}", Full(point)!.Eigenvalues))],
            [new MarkedRank(classes, "K")]);
        return figure with { IsOrdered = true };
    }

    private static TrajectorySpectrum? Full(TrajectoryPoint point) => point.Spectra.FirstOrDefault(static spectrum => spectrum.Scope is "all" && spectrum.Operator is "hessian");
}
