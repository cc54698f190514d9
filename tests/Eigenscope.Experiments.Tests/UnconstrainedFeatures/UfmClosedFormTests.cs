using System.Text.Json;
using Eigenscope.Experiments.Reports;
using Eigenscope.Testing.Json;
using Eigenscope.Theory;

namespace Eigenscope.Experiments.Tests.UnconstrainedFeatures;

/// <summary>What is measured at the end of a run against formulas that know nothing of networks, derivatives or solvers.</summary>
public sealed class UfmClosedFormTests
{
    private const double ValueTolerance = 1e-8;
    private const double OutlierTolerance = 1e-6;
    private const double SpectrumTolerance = 1e-8;

    public static TheoryData<int, int, int, int, double, double, string, bool> Settings => new()
    {
        { 4, 10, 16, 3, 5e-3, 5e-3, "mse", false },
        { 2, 5, 7, 1, 1e-2, 1e-2, "mse", false },
        { 3, 4, 6, 3, 5e-3, 1.25e-3, "mse", false },
        { 5, 7, 9, 4, 3e-3, 1e-3, "mse", false },
        { 2, 10, 5, 5, 2e-3, 2e-4, "mse", false },
        { 6, 3, 10, 2, 1e-3, 4e-3, "mse", false },
        { 10, 3, 12, 2, 1e-3, 5e-4, "mse", false },
        { 3, 6, 8, 6, 4e-3, 1e-3, "mse", false },
        { 4, 10, 16, 3, 5e-3, 5e-3, "mse", true },
        { 3, 5, 7, 2, 2e-3, 1e-3, "mse", true },
        { 4, 3, 6, 3, 2e-3, 2e-3 / 3.0, "cross-entropy", false },
        { 2, 10, 16, 3, 1e-3, 1e-3, "cross-entropy", false },
        { 5, 4, 4, 2, 1e-3, 1e-3, "cross-entropy", true },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public void A_run_ends_where_the_closed_form_says(int classes, int perClass, int width, int depth, double weightDecay, double featureDecay, string loss, bool bias)
    {
        (Report report, UfmResult result) = UfmRuns.Run(UfmRuns.Small with
        {
            Classes = classes,
            PerClass = perClass,
            Width = width,
            Depth = depth,
            WeightDecay = weightDecay,
            FeatureDecay = featureDecay,
            Loss = loss,
            Bias = bias,
            Start = loss is "mse" ? "random" : "dnc",
        });
        TheoryReport theory = result.Theory!;

        Assert.True(report.IsConverged);
        Assert.True(result.Stationarity <= 1e-10, $"gradient norm {result.Stationarity}");
        Assert.Equal("dnc", theory.Nearest);
        Assert.Empty(Problems(report));
        Assert.Equal(theory.FullRank, theory.Rank);
        Assert.Equal(theory.Candidates.Single(static candidate => candidate.Name is "dnc").Loss, result.Loss, ValueTolerance);
        Assert.Equal(bias || loss is not "mse" ? classes - 1 : classes, theory.FullRank);
        Assert.All(theory.Layers.Zip(result.Layers), pair =>
        {
            AssertEqual(pair.First.SingularValues, pair.Second.Weight.SingularValues!, ValueTolerance);
            AssertEqual(pair.First.GradientSingularValues, pair.Second.Gradient.SingularValues!, ValueTolerance);
            AssertEqual(pair.First.SecondMoment, pair.Second.Input.SecondMoment!, ValueTolerance);
            Assert.All(pair.Second.Input.Collapse.ClassMeanNorms!, norm => Assert.Equal(pair.First.ClassMeanNorm, norm, ValueTolerance));
        });
        AssertSpectra(result, classes);
        if (loss is "mse" && !bias)
            Assert.All(result.Layers.Zip(result.Structure), pair => AssertTheorems(pair.First, pair.Second, classes, theory.Outlier.Value!.Value));
    }

    // Papyan's parts, the gradient's coefficients, eigenvectors and the balance of neighbours, as arXiv 2404.06106 states them.
    private static void AssertTheorems(LayerReport layer, UfmStructureReport structure, int classes, double outlier)
    {
        Assert.Equal([0.0, classes * (classes - 1.0), classes], new[] { layer.Papyan!.WithinClass, layer.Papyan.CrossClass, layer.Papyan.Class }.Select(static part => part.Rank.Value!.Value));
        Assert.All(layer.Papyan.CrossClass.Eigenvalues!.Take(classes * (classes - 1)), value => Assert.Equal(outlier, value, OutlierTolerance * outlier));
        Assert.All(layer.Papyan.Class.Eigenvalues!.Take(classes), value => Assert.Equal(outlier, value, OutlierTolerance * outlier));
        Assert.Equal(0.0, layer.Papyan.ClassCrossCosine.Value!.Value, ValueTolerance);
        Assert.All(structure.GradientCoefficients!, coefficient => Assert.Equal(1.0 / classes, coefficient.Value!.Value, ValueTolerance));
        Assert.Equal(0.0, structure.LargestCrossCoefficient.Value!.Value, ValueTolerance);
        Assert.Equal(1.0, structure.EigenvectorScore.Value!.Value, ValueTolerance);
        Assert.Equal(1.0, structure.OutlierSpread.Value!.Value, OutlierTolerance);
        Assert.Equal(0.0, structure.BalanceError.Value!.Value, ValueTolerance);
    }

    private static void AssertSpectra(UfmResult result, int classes)
    {
        SpectrumReport[] predicted = [.. result.Spectra.Where(static spectrum => spectrum.Predicted is { Source: "closed-form" })];
        Assert.Contains(predicted, static spectrum => spectrum is { Scope: "all", IncludesWeightDecay: true });
        Assert.Contains(predicted, static spectrum => spectrum is { Scope: "all+features", IncludesWeightDecay: true });
        Assert.Contains(predicted, static spectrum => spectrum is { Scope: "H1", IncludesWeightDecay: true });
        Assert.All(result.Layers, layer => Assert.Contains(predicted, spectrum => spectrum.Scope == layer.Weight.Parameter));
        Assert.All(predicted, spectrum =>
        {
            Assert.True(spectrum.Complete);
            Assert.Equal(spectrum.Dimension, spectrum.Predicted!.Groups.Sum(static group => group.Count));
            AssertEqual(spectrum.Predicted.Groups, spectrum.Eigenvalues, SpectrumTolerance);
            AssertMultiplicities(spectrum);
        });
        foreach (SpectrumReport layer in predicted.Where(static spectrum => spectrum.Scope.EndsWith(".weight", StringComparison.Ordinal)))
        {
            double[] outliers = [.. layer.Predicted!.Groups.Where(static group => group.Value > 0.0).SelectMany(static group => Enumerable.Repeat(group.Value, (int)group.Count))];
            Assert.True(outliers.Length > 0 && outliers.Length <= classes * classes);
            Assert.All(outliers.Zip(layer.Eigenvalues), static pair => Assert.Equal(pair.First, pair.Second, OutlierTolerance * pair.First));
        }
    }

    // The solver counts multiplicities without knowing the prediction.
    private static void AssertMultiplicities(SpectrumReport spectrum)
    {
        long[] expected = [.. spectrum.Predicted!.Groups.Select(static group => group.Count)];
        double[] gaps = [.. spectrum.Predicted.Groups.Zip(spectrum.Predicted.Groups.Skip(1), static (above, below) => above.Value - below.Value)];
        if (gaps.Length == 0 || gaps.Min() > 10.0 * spectrum.MultiplicityTolerance)
            Assert.Equal(expected, spectrum.Multiplicities.Select(static group => (long)group.Count));
    }

    private static IReadOnlyList<string> Problems(Report report)
    {
        using MemoryStream stream = new();
        ReportJson.Write(report, stream);
        using JsonDocument document = JsonDocument.Parse(stream.ToArray());
        return PublishedSchema.Problems(document.RootElement);
    }

    private static void AssertEqual(IReadOnlyList<PredictedGroup> expected, IReadOnlyList<double> actual, double tolerance)
    {
        double[] all = [.. expected.SelectMany(static group => Enumerable.Repeat(group.Value, (int)group.Count))];
        Assert.True(all.Length >= actual.Count || all.Length == expected.Where(static group => group.Value > 0.0).Sum(static group => group.Count), $"{all.Length} predicted, {actual.Count} measured");
        for (int i = 0; i < actual.Count; i++)
            Assert.Equal(i < all.Length ? all[i] : 0.0, actual[i], tolerance);
    }
}
