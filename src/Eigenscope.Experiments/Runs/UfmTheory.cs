using System.Globalization;
using Eigenscope.Analysis;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Theory.UnconstrainedFeatures;

namespace Eigenscope.Experiments.Runs;

/// <summary>The closed form as a report, with what was measured beside it.</summary>
/// <param name="plan">The model.</param>
/// <param name="optimum">Its collapsed solution.</param>
/// <param name="isComparable">Whether the collapsed solution's numbers belong beside those of the run.</param>
internal sealed class UfmTheory(UfmPlan plan, UfmOptimum optimum, bool isComparable)
{
    private const string NoBranch = "past the spinodal the collapsed solution does not exist";

    public TheoryReport Describe(UfmAttemptReport reached, double loss, IReadOnlyList<LayerReport> layers, IReadOnlyList<SpectrumReport> spectra, double[] logitSingularValues)
    {
        IReadOnlyList<UfmCandidate> candidates = plan.Vertices is null ? UfmCandidates.List(optimum.Setting) : UfmCandidates.ListRectified(optimum.Setting);
        return new TheoryReport
        {
            Loss = candidates[0].Loss,
            Optimal = candidates[0].Name,
            IsZeroBelowCollapsed = optimum.IsZeroOptimal,
            CollapsedLoss = Branch(optimum.Loss),
            Gain = Branch(optimum.Gain),
            SingularValue = Branch(optimum.SingularValue),
            ClassMeanNorm = optimum.Exists ? Number.Of(optimum.ClassMeanNorm(1)) : Number.Undefined(NoBranch),
            Outlier = Branch(optimum.Outlier),
            FullRank = optimum.Rank,
            Threshold = Optional(optimum.Threshold),
            Spinodal = Optional(optimum.Spinodal),
            Rank = reached.Rank,
            HiddenRank = reached.HiddenRank,
            Nearest = reached.Nearest,
            NearestReason = reached.NearestReason,
            Candidates = [.. candidates.Select(static candidate => new CandidateReport(candidate.Name, candidate.Rank, candidate.HiddenRank, candidate.Loss))],
            Layers = optimum.Exists ? [.. layers.Select(DescribeLayer)] : [],
            Comparisons = [.. Compare(reached, loss, layers, spectra, logitSingularValues)],
        };
    }

    private Number Branch(double value) => optimum.Exists ? Number.Of(value) : Number.Undefined(NoBranch);

    private static Number Optional(double? value) => value is { } number ? Number.Of(number) : Number.Undefined("it lies beyond the range of floating point");

    private LayerTheoryReport DescribeLayer(LayerReport layer, int index)
    {
        return new LayerTheoryReport(
            layer.Name,
            optimum.ClassMeanNorm(index + 1),
            UfmSpectra.WeightSingularValues(optimum),
            UfmSpectra.GradientSingularValues(optimum),
            UfmSpectra.FeatureSecondMoment(optimum, index + 1),
            UfmSpectra.FeatureCovariance(optimum, index + 1),
            plan.IsCentred ? null : UfmSpectra.GradientCoefficients(optimum),
            plan.IsCentred ? null : new PapyanTheoryReport(UfmPapyanSplit.WithinClass(optimum), UfmPapyanSplit.CrossClass(optimum), UfmPapyanSplit.Class(optimum)));
    }

    // A run that ended at zero is compared with the zero solution, any other with the collapsed one.
    private IEnumerable<ComparisonReport> Compare(UfmAttemptReport reached, double loss, IReadOnlyList<LayerReport> layers, IReadOnlyList<SpectrumReport> spectra, double[] logits)
    {
        bool isZero = reached.Nearest is "zero";
        if (!isZero && !isComparable)
            yield break;
        int rank = optimum.Rank;
        yield return Of("loss", loss, isZero ? optimum.ZeroLoss : optimum.Loss);
        yield return Farthest("gain p", logits.Take(rank), isZero ? 0.0 : optimum.Gain);
        for (int l = 0; l < layers.Count; l++)
        {
            string name = layers[l].Name;
            yield return Farthest($"singular values of W_{name}", (layers[l].Weight.SingularValues ?? []).Take(rank), isZero ? 0.0 : optimum.SingularValue);
            yield return Farthest($"class-mean norms, input of {name}", layers[l].Input.Collapse.ClassMeanNorms ?? [], isZero ? 0.0 : optimum.ClassMeanNorm(l + 1));
            yield return Farthest($"gradient of W_{name}", (layers[l].Gradient.SingularValues ?? []).Take(rank), isZero ? 0.0 : UfmSpectra.GradientSingularValues(optimum)[0].Value);
        }
        foreach (SpectrumReport spectrum in spectra)
        {
            if (spectrum.Predicted is { Source: PredictionReport.ClosedForm } predicted)
                yield return Spectrum(spectrum, predicted);
        }
    }

    private static ComparisonReport Spectrum(SpectrumReport spectrum, PredictionReport predicted)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{spectrum.Operator} {spectrum.Scope}{(spectrum.IncludesWeightDecay ? " + decay" : "")}, {(spectrum.Complete ? "all" : "top")} {spectrum.Eigenvalues.Count}");
        (double Predicted, double Measured)[] pairs = [.. PredictedEigenvalues.Expand(predicted.Groups, spectrum.Eigenvalues.Count).Zip(spectrum.Eigenvalues)];
        if (pairs.Length == 0)
            return Missing(name, predicted.Groups[0].Value, "no eigenvalue was found");
        (double expected, double measured) = pairs.MaxBy(static pair => Math.Abs(pair.Measured - pair.Predicted));
        return Of(name, measured, expected);
    }

    private static ComparisonReport Farthest(string name, IEnumerable<double> measured, double predicted)
    {
        double[] values = [.. measured];
        return values.Length == 0
            ? Missing(name, predicted, "not measured")
            : Of(name, values.MaxBy(value => Math.Abs(value - predicted)), predicted);
    }

    private static ComparisonReport Missing(string name, double predicted, string reason) => new(name, Number.Undefined(reason), predicted, Number.Undefined(reason));

    private static ComparisonReport Of(string name, double measured, double predicted) => new(name, Number.Of(measured), predicted, Number.Of(measured - predicted));
}
