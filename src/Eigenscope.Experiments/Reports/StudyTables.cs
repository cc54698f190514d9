using Eigenscope.Analysis;
using Eigenscope.Experiments.Recipes;

namespace Eigenscope.Experiments.Reports;

/// <summary>A study as tables for people.</summary>
internal static class StudyTables
{
    public static IReadOnlyList<SummaryTable> Build(StudyPlan plan, StudyResult result) =>
    [
        Collapse(result), Weights(result), LowRankTables.Layers(result.Layers), .. LowRankTables.OnGrids(result.Layers) is { } grids ? [grids] : Array.Empty<SummaryTable>(), .. plan.Measurement.HasSpectra ? [Spectra(plan, result), PredictionSummary.Table(plan.Data.Train.ClassCount, result.Layers, result.Spectra)] : Array.Empty<SummaryTable>(),
        .. new[] { OriginSummary.Table(result.Spectra), DensityTable.Build(result.Spectra), FeatureLearning.Table(result.Trajectory), LowRankTables.Along(result.Trajectory, "epoch") }.OfType<SummaryTable>(), Trajectory(result, plan.Measurement.HasSpectra),
    ];

    private static SummaryTable Collapse(StudyResult result)
    {
        List<IReadOnlyList<string>> rows = [.. result.Layers.Select(layer => CollapseRow(layer.Name, layer.Input.Dimension, SubsetErrors.Nc1(layer.Input), layer.Input.Collapse, layer.CollapseSteps.RightShare))];
        rows.Add(CollapseRow("logits", result.Output.Dimension, SubsetErrors.Nc1(result.Output), result.Output.Collapse, Number.Undefined("no weight acts on the logits")));
        IEnumerable<(string What, string Where, Number Number)> numbers = result.Layers.SelectMany(static layer => Named(layer.Input.Collapse, layer.Name))
            .Concat(result.Layers.Select(static layer => ("right share", layer.Name, layer.CollapseSteps.RightShare)))
            .Concat(SubsetErrors.OfCollapse(result.Layers, result.Output));
        return new SummaryTable(
            "Collapse of each layer's input",
            [Text("layer"), Numeric("dim"), Numeric("NC1"), Numeric("CDNV"), Numeric("norms"), Numeric("angles"), Numeric("NC3"), Numeric("NC4"), Numeric("right")],
            rows,
            [
                "NC1 tr Σ_W / tr Σ_B; norms, angles: NC2 equinorm and equiangle; NC3: distance of W from Σ m_c μ_cᵀ; NC4: nearest class mean agrees; right: share of the layer's fall in ln NC1 done by S Vᵀ of its weight (outside 0 … 1 when one step undoes the other).",
                .. result.Training is null ? Array.Empty<string>() : [SubsetErrors.Note],
                .. UndefinedNotes.Lines(numbers, Names(result)),
            ]);
    }

    private static string[] CollapseRow(string name, int dimension, string nc1, CollapseReport collapse, Number right) =>
    [
        name,
        Format.Text(dimension),
        nc1,
        Format.Text(collapse.Nc1Cdnv),
        Format.Text(collapse.Nc2Equinorm),
        Format.Text(collapse.Nc2Equiangle),
        Format.Text(collapse.Nc3Alignment),
        Format.Text(collapse.Nc4Agreement),
        Format.Text(right),
    ];

    private static SummaryTable Weights(StudyResult result) => new(
        "Weights, gradients and AGOP",
        [Text("weight"), Numeric("shape"), Numeric("σ₁"), Numeric("rank"), Numeric("stable"), Numeric("eff."), Numeric("dist K"), Numeric("‖g‖"), Numeric("g in K"), Numeric("NFA")],
        [.. result.Layers.Select(static layer => (IReadOnlyList<string>)
        [
            layer.Weight.Parameter,
            string.Join('×', layer.Weight.Shape.Select(Format.Text)),
            layer.Weight.SingularValues is [double largest, ..] ? Format.Text(largest) : Format.Undefined,
            Format.Text(layer.Weight.NumericalRank),
            Format.Text(layer.Weight.StableRank),
            Format.Text(layer.Weight.EffectiveRank),
            Format.Text(layer.Weight.RankKDistance),
            Format.Text(layer.Gradient.Norm),
            Format.Text(layer.Gradient.AlignmentTopK),
            Format.Text(layer.Nfa.Pearson),
        ])],
        [
            "σ₁: largest singular value; rank: σ above 1e-3 σ₁; stable: ‖W‖_F² / σ₁²; eff.: exp of the entropy of σ; dist K: Frobenius distance to rank K; g in K: share of the data gradient in the layer Hessian's top-K eigenspace; NFA: correlation of WᵀW with " + $"{FeatureLearning.Power(result.Layers[^1])}.",
            .. UndefinedNotes.Lines(result.Layers.SelectMany(static layer => new[] { ("gradient alignment", layer.Name, layer.Gradient.AlignmentTopK), ("NFA", layer.Name, layer.Nfa.Pearson) }), Names(result)),
        ]);

    private static SummaryTable Spectra(StudyPlan plan, StudyResult result)
    {
        int classes = plan.Data.Train.ClassCount;
        return new SummaryTable(
            "Spectra of the data loss",
            [Text("operator"), Text("scope"), Numeric("dim"), Numeric("pairs"), Numeric("θ₁"), Numeric("θ_K"), Numeric("θ_K²"), Numeric("residual"), Numeric("products"), Text("verdict")],
            [.. result.Spectra.Select(spectrum => (IReadOnlyList<string>)
            [
                spectrum.Operator,
                spectrum.Scope,
                Format.Text(spectrum.Dimension),
                spectrum.Complete ? "all" : Format.Text(spectrum.Eigenvalues.Count),
                SubsetErrors.At(spectrum, 1),
                SubsetErrors.At(spectrum, classes),
                SubsetErrors.At(spectrum, classes * classes),
                spectrum.Residuals.Count == 0 ? Format.Undefined : Format.Text(spectrum.Residuals.Max()),
                Format.Text(spectrum.OperatorApplications),
                spectrum.Status,
            ])],
            [
                "K is the number of classes; θ_j the j-th largest eigenvalue; residual: largest ‖Av − θv‖ / max|θ|, computed after the solve with fresh products.",
                .. result.Spectra.Where(static spectrum => spectrum.SameAs is not null).Select(static spectrum => $"The {OperatorTitles.Of(spectrum.Operator)} {spectrum.Scope} is the {OperatorTitles.Of(spectrum.SameAs!)} for this loss: its numbers are those."),
                .. result.Training is null ? Array.Empty<string>() : [SubsetErrors.Note],
                .. SubsetErrors.Missing(result.Spectra),
                .. Messages(result.Spectra),
            ]);
    }

    private static IEnumerable<string> Messages(IReadOnlyList<SpectrumReport> spectra)
    {
        const int MostWritten = 3;
        SpectrumReport[] open = [.. spectra.Where(static spectrum => spectrum.Status is not "converged")];
        foreach (SpectrumReport spectrum in open.Take(MostWritten))
            yield return $"{spectrum.Operator} {spectrum.Scope}: {spectrum.Message}";
        if (open.Length > MostWritten)
            yield return $"Messages of {Format.Text(open.Length - MostWritten)} more are in the file of --json.";
    }

    private static SummaryTable Trajectory(StudyResult result, bool hasSpectra) => new(
        "Along training",
        [Numeric("epoch"), Numeric("loss"), Numeric("accuracy"), Numeric("‖g‖"), Numeric("NC1 last"), .. hasSpectra ? [Numeric("θ₁"), Numeric("g in K")] : Array.Empty<SummaryColumn>()],
        [.. result.Trajectory.Select(point => (IReadOnlyList<string>)
        [
            Format.Text(point.Epoch),
            Format.Text(point.Loss),
            point.Accuracy.ToString("F4", System.Globalization.CultureInfo.InvariantCulture),
            Format.Text(point.GradientNorm),
            point.Layers.Count > 0 ? Format.Text(point.Layers[^1].Input.Collapse.Nc1TraceRatio) : Format.Undefined,
            .. hasSpectra ? [Full(point) is { } top ? At(top.Eigenvalues, 1) : Format.Undefined, Full(point) is { } aligned ? Format.Text(aligned.AlignmentTopK) : Format.Undefined] : Array.Empty<string>(),
        ])],
        ["loss: the objective, decay included; ‖g‖: gradient of the data loss; NC1 last: at the last layer's input" + (hasSpectra ? "; θ₁ and g in K: largest eigenvalue of the full Hessian and share of the gradient in its top-K eigenspace." : ".")]);

    private static TrajectorySpectrum? Full(TrajectoryPoint point) => point.Spectra.FirstOrDefault(static spectrum => spectrum.Scope is "all");

    private static IEnumerable<(string What, string Where, Number Number)> Named(CollapseReport collapse, string where) =>
    [
        ("NC1", where, collapse.Nc1TraceRatio),
        ("CDNV", where, collapse.Nc1Cdnv),
        ("NC2", where, collapse.Nc2Equinorm),
        ("NC3", where, collapse.Nc3Alignment),
        ("NC4", where, collapse.Nc4Agreement),
    ];

    private static string[] Names(StudyResult result) => [.. result.Layers.Select(static layer => layer.Name)];

    private static string At(IReadOnlyList<double> values, int rank) => values.Count >= rank ? Format.Text(values[rank - 1]) : Format.Undefined;

    private static SummaryColumn Text(string header) => new(header, IsNumeric: false);

    private static SummaryColumn Numeric(string header) => new(header, IsNumeric: true);
}
