using System.Globalization;
using Eigenscope.Analysis;
using Eigenscope.Experiments.Recipes;

namespace Eigenscope.Experiments.Reports;

/// <summary>A run of the unconstrained feature model as tables for people.</summary>
internal static class UfmTables
{
    private const int MostCandidates = 12;

    public static IReadOnlyList<SummaryTable> Build(UfmPlan plan, UfmResult result)
    {
        List<SummaryTable> tables = [];
        if (result.Theory is { } theory)
        {
            if (theory.Comparisons.Count > 0)
                tables.Add(Beside(plan, theory));
            tables.Add(Candidates(theory));
        }
        tables.Add(Groups(result));
        if (result.Nullity.Count > 0)
            tables.Add(Nullity(result));
        tables.Add(PredictionSummary.Table(plan.Classes, result.Layers, result.Spectra));
        tables.Add(Structure(result));
        tables.Add(Parts(result));
        if (result.Attempts.Count > 1)
            tables.Add(Attempts(result));
        if (plan.Options.Starts > 1)
            tables.Add(Endings(result));
        tables.Add(Trajectory(result));
        return tables;
    }

    private static SummaryTable Beside(UfmPlan plan, TheoryReport theory) => new(
        "Beside the closed form",
        [Text("quantity"), Numeric("measured"), Numeric("predicted"), Numeric("difference")],
        [.. theory.Comparisons.Select(static comparison => (IReadOnlyList<string>)
        [
            comparison.Name,
            comparison.Measured.Value is { } measured ? Format.Exact(measured) : Format.Undefined,
            Format.Exact(comparison.Predicted),
            Format.Text(comparison.Difference),
        ])],
        [
            "Of a list, the entry farthest from the prediction is shown.",
            .. plan.IsLinear ? Array.Empty<string>() : ["The closed form is that of the linear model: with a ReLU it gives a loss that can be reached, and layers need not follow it."],
        ]);

    private static SummaryTable Candidates(TheoryReport theory) => new(
        "Known solutions",
        [Text("solution"), Numeric("rank"), Numeric("rank before"), Numeric("loss"), Text("")],
        [.. Shown(theory).Select(candidate => (IReadOnlyList<string>)
            [candidate.Name, Format.Text(candidate.Rank), Format.Text(candidate.HiddenRank), Format.Exact(candidate.Loss), candidate.Name == theory.Nearest ? "reached" : ""])],
        [$"rank: of the class-mean logits; rank before: of the class means before the last activation. Zero has a lower loss than the collapsed solution from weight decay {Format.Text(theory.Threshold)} on; past {Format.Text(theory.Spinodal)} no collapsed solution exists.{(theory.Candidates.Count > MostCandidates ? $" The lowest {Format.Text(MostCandidates)} of {Format.Text(theory.Candidates.Count)}, the one that was reached, and zero; all are in the JSON." : "")}"]);

    // With many classes there is a solution of every rank.
    private static IEnumerable<CandidateReport> Shown(TheoryReport theory) =>
        theory.Candidates.Where((candidate, index) => index < MostCandidates || candidate.Name == theory.Nearest || candidate.Name is "zero");

    private static SummaryTable Groups(UfmResult result) => new(
        "Spectra: eigenvalues ×multiplicity",
        [Text("operator"), Text("scope"), Numeric("dim"), Text("measured"), Text("predicted"), Numeric("max error"), Text("verdict")],
        [.. result.Spectra.Select(spectrum => (IReadOnlyList<string>)
        [
            spectrum.IncludesWeightDecay ? $"{spectrum.Operator} + decay" : spectrum.Operator,
            spectrum.Scope,
            Format.Text(spectrum.Dimension),
            List(spectrum.Multiplicities.Select(group => (Math.Abs(group.Value) <= spectrum.MultiplicityTolerance ? 0.0 : group.Value, (long)group.Count))),
            spectrum.Predicted is { Source: PredictionReport.ClosedForm } predicted ? List(predicted.Groups.Select(static group => (group.Value, group.Count))) : Format.Undefined,
            spectrum.Predicted is { Source: PredictionReport.ClosedForm } compared ? Format.Text(compared.MaxRelativeError) : Format.Undefined,
            spectrum.Status,
        ])],
        ["Values within the multiplicity tolerance of zero are shown as 0. max error: largest |θ̂ − θ| over all eigenvalues found, relative to the largest; the first groups are shown, all are in the JSON. A closed form is given where there is one."]);

    private static string List(IEnumerable<(double Value, long Count)> groups)
    {
        (double Value, long Count)[] all = [.. groups];
        string shown = string.Join("  ", all.Take(4).Select(static group => string.Create(CultureInfo.InvariantCulture, $"{Format.Text(group.Value)} ×{group.Count}")));
        return all.Length > 4 ? shown + " …" : shown;
    }

    private static SummaryTable Structure(UfmResult result) => new(
        "Structure of each layer",
        [Text("layer"), Numeric("NC1"), Numeric("gradient"), Numeric("cross"), Numeric("v eigen"), Numeric("θ₁/θ_K²"), Numeric("bulk"), Numeric("balance")],
        [.. result.Structure.Select((layer, index) => (IReadOnlyList<string>)
        [
            layer.Name,
            Format.Text(result.Layers[index].Input.Collapse.Nc1TraceRatio),
            Range(layer.GradientCoefficients ?? []),
            Format.Text(layer.LargestCrossCoefficient),
            Format.Text(layer.EigenvectorScore),
            Format.Text(layer.OutlierSpread),
            Format.Text(layer.LargestBulk),
            Format.Text(layer.BalanceError),
        ])],
        ["NC1 of the layer's input; gradient, cross: squared cosines of the data gradient with m_c ⊗ μ_c' for c = c' (least … largest) and the largest for c ≠ c'; v eigen: how far the K² vectors m_c ⊗ μ_c' are eigenvectors of the layer's Hessian (1 = exactly); bulk: its (K²+1)-th eigenvalue; balance: relative distance of λ_l WᵀW from the decayed Gram matrix of the layer below."]);

    private static string Range(IReadOnlyList<Number> numbers)
    {
        double[] values = [.. numbers.Where(static number => number.IsDefined).Select(static number => number.Value!.Value)];
        if (values.Length == 0)
            return Format.Undefined;
        string least = Format.Text(values.Min());
        string largest = Format.Text(values.Max());
        return least == largest ? least : $"{least} … {largest}";
    }

    private static SummaryTable Parts(UfmResult result) => new(
        "Parts of each layer's Gauss–Newton matrix",
        [Text("layer"), Numeric("within"), Numeric("cross-class"), Numeric("class"), Text("predicted"), Numeric("tr within"), Numeric("tr cross"), Numeric("tr class")],
        [.. result.Layers.Select((layer, index) => (IReadOnlyList<string>)
        [
            layer.Name,
            Text(layer.Papyan?.WithinClass.Rank),
            Text(layer.Papyan?.CrossClass.Rank),
            Text(layer.Papyan?.Class.Rank),
            Ranks(result.Theory?.Layers.ElementAtOrDefault(index)?.Papyan),
            Text(layer.Papyan?.WithinClass.Trace),
            Text(layer.Papyan?.CrossClass.Trace),
            Text(layer.Papyan?.Class.Trace),
        ])],
        ["Ranks and traces of the within-class, cross-class and class parts, which sum to the Gauss–Newton matrix (Papyan 2020, JMLR 21); predicted: their ranks at the collapsed optimum of mean squared error without a bias."]);

    private static string Ranks(PapyanTheoryReport? parts) => parts is null
        ? Format.Undefined
        : string.Join(" / ", new[] { parts.WithinClass, parts.CrossClass, parts.Class }.Select(static part => part.Sum(static group => group.Count).ToString(CultureInfo.InvariantCulture)));

    private static SummaryTable Attempts(UfmResult result) => new(
        "Starts",
        [Numeric("start"), Numeric("scale"), Text("end"), Numeric("iterations"), Numeric("rank"), Numeric("rank before"), Text("solution"), Numeric("loss"), Numeric("‖g‖"), Text("")],
        [.. result.Attempts.Select(static (attempt, index) => (IReadOnlyList<string>)
        [
            Format.Text(index + 1),
            Format.Text(attempt.InitScale),
            attempt.Status,
            Format.Text(attempt.Iterations),
            Format.Text(attempt.Rank),
            Format.Text(attempt.HiddenRank),
            attempt.Nearest ?? Format.Undefined,
            attempt.Loss.Value is { } loss ? Format.Exact(loss) : Format.Undefined,
            Format.Text(attempt.Stationarity),
            attempt.IsReported ? "reported" : "",
        ])],
        ["Ended by rank: " + string.Join(", ", result.Ranks.Select(static rank => $"rank {Format.Text(rank.Rank)}: {Format.Text(rank.Count)}")) + "."]);

    private static SummaryTable Endings(UfmResult result) => new(
        "Where independent starts ended",
        [Text("solution"), Numeric("starts"), Numeric("share"), Numeric("±"), Numeric("95 % from"), Numeric("to"), Numeric("lowest loss")],
        [.. result.Endings.Select(static ending => (IReadOnlyList<string>)
        [
            ending.Name,
            Format.Text(ending.Count),
            Format.Text(ending.Share),
            Format.Text(ending.StandardError),
            Format.Text(ending.Low),
            Format.Text(ending.High),
            ending.LowestLoss is { } loss ? Format.Exact(loss) : Format.Undefined,
        ])],
        ["Wilson's intervals of the share: ± is half the 68.3 % one. Only starts of the first scale count; other: the structure of no known solution, or no stationary point."]);

    private static SummaryTable Nullity(UfmResult result) => new(
        "Zero eigenvalues of the objective's Hessian",
        [Text("scope"), Numeric("measured"), Numeric("predicted"), Numeric("tolerance")],
        [.. result.Nullity.Select(static nullity => (IReadOnlyList<string>)[nullity.Scope, Format.Text(nullity.Count), Format.Text(nullity.Predicted), Format.Text(nullity.Tolerance)])],
        ["Predicted: rd − r(r+1)/2 for each of the L − 1 places between two weights, and for the one between features and W_1; r is the rank of the class-mean logits. Measured where every eigenvalue is known."]);

    private static SummaryTable Trajectory(UfmResult result) => new(
        "Along the descent",
        [Numeric("iteration"), Numeric("loss"), Numeric("NC1 last"), Numeric("θ₁/θ_K²"), Numeric("v eigen"), Numeric("bulk"), Numeric("θ₁"), Numeric("balance")],
        [.. result.Trajectory.Select(point =>
        {
            UfmStructureReport? layer = point.Structure is { Count: > 0 } structure ? structure[structure.Count / 2] : null;
            TrajectorySpectrum? spectrum = layer is null ? null : point.Spectra.FirstOrDefault(candidate => candidate.Scope == $"{layer.Name}.weight");
            return (IReadOnlyList<string>)
            [
                Format.Text(point.Step),
                Format.Text(point.Loss),
                Format.Text(point.Layers[^1].Input.Collapse.Nc1TraceRatio),
                Text(layer?.OutlierSpread),
                Text(layer?.EigenvectorScore),
                Text(layer?.LargestBulk),
                spectrum is { Eigenvalues: [double largest, ..] } ? Format.Text(largest) : Format.Undefined,
                Text(layer?.BalanceError),
            ];
        })],
        [$"All but the loss and NC1 of the middle layer, {(result.Structure.Count > 0 ? result.Structure[result.Structure.Count / 2].Name : "")}; the columns are those of the table above."]);

    private static string Text(Number? number) => number is { } value ? Format.Text(value) : Format.Undefined;

    private static SummaryColumn Text(string header) => new(header, IsNumeric: false);

    private static SummaryColumn Numeric(string header) => new(header, IsNumeric: true);
}
