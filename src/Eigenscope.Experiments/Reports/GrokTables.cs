using Eigenscope.Experiments.Recipes;
using Eigenscope.Learning.Data;

namespace Eigenscope.Experiments.Reports;

/// <summary>A run of recursive feature machines on modular arithmetic as tables for people.</summary>
internal static class GrokTables
{
    public static IReadOnlyList<SummaryTable> Build(GrokPlan plan, GrokResult result) => [Overview(plan, result), .. result.Operations.Select((operation, index) => Course(plan.Operations[index], operation))];

    private static SummaryTable Overview(GrokPlan plan, GrokResult result) => new(
        $"Grokking modulo {Format.Text(plan.Options.Modulus)}",
        [Text("operation"), Numeric("pairs"), Numeric("chance"), Numeric("above chance"), Numeric("> 90 %"), Numeric("> 99 %"), Numeric("last"), Numeric("train loss"), Numeric("circulant"), Numeric("seconds"), Text("end")],
        [.. result.Operations.Select(static operation => (IReadOnlyList<string>)
        [
            operation.Operation,
            Format.Text(operation.TrainSamples),
            Format.Percent(operation.Chance),
            Format.Text(operation.FirstAboveChance),
            Format.Text(operation.FirstAbove90),
            Format.Text(operation.FirstAbove99),
            Format.Percent(operation.TestAccuracy),
            Format.Text(operation.LargestTrainLoss),
            Format.Text(operation.Iterations[^1].CirculantDeviation),
            Format.Text(operation.Seconds),
            operation.Status,
        ])],
        [
            "pairs: trained on; chance: share of the most frequent class among the test pairs; above chance, > 90 %, > 99 %: first iteration whose test accuracy is above twice chance, 90 % and 99 %; last: test accuracy at the end; train loss: the largest of all iterations; circulant: deviation at the end.",
            .. result.Operations.SelectMany(static operation => new[] { operation.FirstAboveChance, operation.FirstAbove90, operation.FirstAbove99 }.Where(static number => !number.IsDefined).Select(number => $"– {operation.Operation}: {number.Reason}.")),
        ]);

    private static SummaryTable Course(ModularOperation symbol, GrokOperationReport operation) => new(
        $"a {ModularPairs.Symbol(symbol)} b along the iterations",
        [Numeric("iteration"), Numeric("train loss"), Numeric("test loss"), Numeric("test accuracy"), Numeric("circulant"), Numeric("alignment")],
        [.. operation.Iterations.Select(static point => (IReadOnlyList<string>)
        [
            Format.Text(point.Iteration),
            Format.Text(point.TrainLoss),
            Format.Text(point.TestLoss),
            Format.Percent(point.TestAccuracy),
            Format.Text(point.CirculantDeviation),
            Format.Text(point.AgopAlignment),
        ])],
        ["Losses are 1/(2N) Σ ‖f(x) − y‖²; circulant: deviation of the block between first and second residues from constant wrapped diagonals, relative to its size; alignment: cosine of the metric with the last one. At iteration 0 the metric is the identity, whose block is zero."]);

    private static SummaryColumn Text(string header) => new(header, IsNumeric: false);

    private static SummaryColumn Numeric(string header) => new(header, IsNumeric: true);
}
