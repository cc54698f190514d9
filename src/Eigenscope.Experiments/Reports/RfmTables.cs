using Eigenscope.Analysis;
using Eigenscope.Experiments.Recipes;

namespace Eigenscope.Experiments.Reports;

/// <summary>A recursive feature machine as tables for people.</summary>
internal static class RfmTables
{
    public static IReadOnlyList<SummaryTable> Build(RfmPlan plan, RfmResult result) => [Iterations(plan, result)];

    private static SummaryTable Iterations(RfmPlan plan, RfmResult result)
    {
        bool hasClasses = plan.Classes is not null;
        SummaryColumn[] errors = hasClasses ? [Numeric("train error"), Numeric("validation"), Numeric("test error"), Numeric("±")] : [Numeric("explained")];
        return new SummaryTable(
            "Along the iterations",
            [Numeric("iteration"), .. errors, Numeric("train loss"), Numeric("validation"), Numeric("test loss"), Text("solved by"), Numeric("near pairs"), Numeric("seconds"), Text("")],
            [.. result.Iterations.Select(iteration => (IReadOnlyList<string>)
            [
                Format.Text(iteration.Iteration),
                .. hasClasses
                    ? new[] { Percent(iteration.TrainError), Percent(iteration.ValidationError), Percent(iteration.TestError), Percent(iteration.TestErrorStandardError) }
                    : [Percent(iteration.TestExplained ?? default)],
                Format.Text(iteration.TrainLoss),
                Format.Text(iteration.ValidationLoss),
                Format.Text(iteration.TestLoss),
                iteration.Solver.Text,
                Format.Text(iteration.Solver.Distances.Recomputed),
                Format.Text(iteration.Seconds),
                iteration.Iteration == result.Best ? "reported" : "",
            ])],
            [
                $"Iteration 0 is plain kernel ridge regression; each later one has the metric that the one before it learned. {(hasClasses ? "error: share misclassified, ± its binomial standard error" : "explained: share of the test targets' variance")}; loss: 1/(2N) Σ ‖f(x) − y‖²; near pairs: distances computed from differences, lest digits cancel.",
                .. Undefined(result, hasClasses).Where(static entry => !entry.Number.IsDefined).Select(static entry => $"{Format.Undefined} {entry.What}: {entry.Number.Reason!.TrimEnd('.')}.").Distinct(StringComparer.Ordinal),
            ]);
    }

    private static IEnumerable<(string What, Number Number)> Undefined(RfmResult result, bool hasClasses) => result.Iterations.SelectMany(iteration => new[]
    {
        ("train loss", iteration.TrainLoss),
        ("validation", iteration.ValidationLoss),
        ("test loss", iteration.TestLoss),
        ("±", hasClasses && iteration.TestError.IsDefined ? iteration.TestErrorStandardError : Number.Of(0.0)),
    });

    private static string Percent(Number share) => share.Value is { } value ? Format.Percent(value) : Format.Undefined;

    private static SummaryColumn Text(string header) => new(header, IsNumeric: false);

    private static SummaryColumn Numeric(string header) => new(header, IsNumeric: true);
}
