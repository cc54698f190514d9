using Eigenscope.Analysis;

namespace Eigenscope.Experiments.Reports;

/// <summary>A measured network as tables for people: collapse, weights, spectra.</summary>
internal static class NetworkTables
{
    /// <summary>Collapse of each layer's input and of the logits.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="output">The logits.</param>
    /// <param name="whole">What the samples measured are a part of; null where they are all there are, and nothing carries a doubt.</param>
    public static SummaryTable Collapse(IReadOnlyList<LayerReport> layers, OutputReport output, string? whole)
    {
        List<IReadOnlyList<string>> rows = [.. layers.Select(layer => CollapseRow(layer.Name, layer.Input.Dimension, SubsetErrors.Nc1(layer.Input), layer.Input.Collapse, layer.CollapseSteps.RightShare))];
        rows.Add(CollapseRow("logits", output.Dimension, SubsetErrors.Nc1(output), output.Collapse, Number.Undefined("no weight acts on the logits")));
        IEnumerable<(string What, string Where, Number Number)> numbers = layers.SelectMany(static layer => Named(layer.Input.Collapse, layer.Name))
            .Concat(layers.Select(static layer => ("right share", layer.Name, layer.CollapseSteps.RightShare)))
            .Concat(SubsetErrors.OfCollapse(layers, output));
        return new SummaryTable(
            "Collapse of each layer's input",
            [Text("layer"), Numeric("dim"), Numeric("NC1"), Numeric("CDNV"), Numeric("norms"), Numeric("angles"), Numeric("NC3"), Numeric("NC4"), Numeric("right")],
            rows,
            [
                "NC1 tr Σ_W / tr Σ_B; norms, angles: NC2 equinorm and equiangle; NC3: distance of W from Σ m_c μ_cᵀ; NC4: nearest class mean agrees; right: share of the layer's fall in ln NC1 done by S Vᵀ of its weight (outside 0 … 1 when one step undoes the other).",
                .. whole is null ? Array.Empty<string>() : [SubsetErrors.Note(whole)],
                .. UndefinedNotes.Lines(numbers, Names(layers)),
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

    /// <summary>Weights, gradients and AGOPs.</summary>
    public static SummaryTable Weights(IReadOnlyList<LayerReport> layers) => new(
        "Weights, gradients and AGOP",
        [Text("weight"), Numeric("shape"), Numeric("σ₁"), Numeric("rank"), Numeric("stable"), Numeric("eff."), Numeric("dist K"), Numeric("‖g‖"), Numeric("g in K"), Numeric("NFA")],
        [.. layers.Select(static layer => (IReadOnlyList<string>)
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
            "σ₁: largest singular value; rank: σ above 1e-3 σ₁; stable: ‖W‖_F² / σ₁²; eff.: exp of the entropy of σ; dist K: Frobenius distance to rank K; g in K: share of the data gradient in the layer Hessian's top-K eigenspace; NFA: correlation of WᵀW with " + $"{FeatureLearning.Power(layers[^1])}.",
            .. UndefinedNotes.Lines(layers.SelectMany(static layer => new[] { ("gradient alignment", layer.Name, layer.Gradient.AlignmentTopK), ("NFA", layer.Name, layer.Nfa.Pearson) }), Names(layers)),
        ]);

    /// <summary>All spectra, one a row.</summary>
    /// <param name="spectra">The spectra.</param>
    /// <param name="classes">K.</param>
    /// <param name="whole">What the samples measured are a part of, or null.</param>
    public static SummaryTable Spectra(IReadOnlyList<SpectrumReport> spectra, int classes, string? whole)
    {
        return new SummaryTable(
            "Spectra of the data loss",
            [Text("operator"), Text("scope"), Numeric("dim"), Numeric("pairs"), Numeric("θ₁"), Numeric("θ_K"), Numeric("θ_K²"), Numeric("residual"), Numeric("products"), Text("verdict")],
            [.. spectra.Select(spectrum => (IReadOnlyList<string>)
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
                .. spectra.Where(static spectrum => spectrum.SameAs is not null).Select(static spectrum => $"The {OperatorTitles.Of(spectrum.Operator)} {spectrum.Scope} is the {OperatorTitles.Of(spectrum.SameAs!)} for this loss: its numbers are those."),
                .. whole is null ? Array.Empty<string>() : [SubsetErrors.Note(whole)],
                .. SubsetErrors.Missing(spectra),
                .. Messages(spectra),
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

    private static IEnumerable<(string What, string Where, Number Number)> Named(CollapseReport collapse, string where) =>
    [
        ("NC1", where, collapse.Nc1TraceRatio),
        ("CDNV", where, collapse.Nc1Cdnv),
        ("NC2", where, collapse.Nc2Equinorm),
        ("NC3", where, collapse.Nc3Alignment),
        ("NC4", where, collapse.Nc4Agreement),
    ];

    private static string[] Names(IReadOnlyList<LayerReport> layers) => [.. layers.Select(static layer => layer.Name)];

    private static SummaryColumn Text(string header) => new(header, IsNumeric: false);

    private static SummaryColumn Numeric(string header) => new(header, IsNumeric: true);
}
