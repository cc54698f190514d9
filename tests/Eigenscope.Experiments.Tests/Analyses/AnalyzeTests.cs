using System.Text.Json;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;
using Eigenscope.Experiments.Tests.Kernels;
using Eigenscope.Testing.Files;

namespace Eigenscope.Experiments.Tests.Analyses;

/// <summary>An analysis of what a study saved gives the numbers that the study gave at its end.</summary>
public sealed class AnalyzeTests : IDisposable
{
    private const double Rounding = 1e-12;
    private const double Solved = 1e-7;
    private static readonly RunSettings Settings = new() { Threads = 2, Seed = 5 };
    private static readonly StudyOptions Small = new() { Width = 16, Depth = 3, Epochs = 15, LearningRate = 0.02, Restarts = 0, MeasureEvery = 0, Samples = 300, TestFraction = 0.2, Standardize = true, Operators = "hessian,gauss-newton,fisher,empirical-fisher,gradient-covariance" };
    private static readonly Lazy<Report> Trained = new(() => Study.Run(Small, Settings, TimeProvider.System, null, CancellationToken.None));
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_saved_study_is_measured_as_the_study_was_at_its_end()
    {
        StudyResult study = (StudyResult)Trained.Value.Result;
        Report report = Run(new AnalyzeOptions { Model = Model(), NoHalves = true });
        AnalyzeResult result = (AnalyzeResult)report.Result;

        Assert.Equal((study.Loss, study.DataLoss, study.DecayLoss, study.GradientNorm, study.Stationarity), (result.Loss, result.DataLoss, result.DecayLoss, result.GradientNorm, result.Stationarity));
        Assert.Equal((study.Accuracy, study.Parameters, study.MeasuredSamples), (result.Accuracy.Value!.Value, result.Parameters, result.MeasuredSamples));
        Assert.Equal((study.Test!.Loss, study.Test.Accuracy, study.Test.Samples), (result.Test!.Loss, result.Test.Accuracy.Value!.Value, result.Test.Samples));
        Assert.True(result.Model.IsTrainingData);
        foreach ((LayerReport before, LayerReport now) in study.Layers.Zip(result.Layers))
            AssertSame(before, now);
        Assert.Equal(study.Spectra.Select(static spectrum => (spectrum.Operator, spectrum.Scope, spectrum.Dimension, spectrum.SameAs)), result.Spectra.Select(static spectrum => (spectrum.Operator, spectrum.Scope, spectrum.Dimension, spectrum.SameAs)));
        foreach ((SpectrumReport before, SpectrumReport now) in study.Spectra.Zip(result.Spectra))
            Near(before.Eigenvalues, now.Eigenvalues, Solved);
        Assert.Equal(study.Papyan!.Trace.Value!.Value, result.Papyan!.Trace.Value!.Value, Solved);
        KernelRuns.AssertFollowsTheSchema(report);
    }

    [Fact]
    public void Operators_are_measured_as_asked_for()
    {
        AnalyzeResult layers = Result(new AnalyzeOptions { Model = Model(), Operators = "layers", NoHalves = true }), full = Result(new AnalyzeOptions { Model = Model(), Operators = "gauss-newton" });
        Assert.Equal(["1.weight", "2.weight", "3.weight"], layers.Spectra.Select(static spectrum => spectrum.Scope));
        Assert.Equal([("gauss-newton", "all")], full.Spectra.Select(static spectrum => (spectrum.Operator, spectrum.Scope)));
        Assert.NotNull(layers.Sharpness.Hessian.Reason);
        Assert.Equal(layers.Spectra.Select(static spectrum => (double?)spectrum.Eigenvalues[0]), layers.Sharpness.Layers.Select(static layer => layer.Hessian.Value));
    }

    [Fact]
    public void Without_operators_nothing_of_Hessians_is_measured()
    {
        Report report = Run(new AnalyzeOptions { Model = Model(), Operators = "none" });
        AnalyzeResult result = (AnalyzeResult)report.Result;
        Assert.Empty(result.Spectra);
        Assert.Null(result.Papyan);
        JsonElement json = KernelRuns.AssertFollowsTheSchema(report);
        Assert.Equal(0, json.GetProperty("config").GetProperty("operators").GetArrayLength());
    }

    [Fact]
    public void An_analysis_that_is_stopped_reports_what_it_has()
    {
        using CancellationTokenSource source = new();
        Report report = Analyze.Run(new AnalyzeOptions { Model = Model(), NoHalves = true }, Settings, TimeProvider.System, new KernelRuns.StopAt(source, "analysis: hessian all"), source.Token);
        Assert.True(report.IsPartial);
        Assert.False(report.IsConverged);
        KernelRuns.AssertFollowsTheSchema(report);
    }

    private static void AssertSame(LayerReport before, LayerReport now)
    {
        Assert.Equal(before.Input.Collapse.Nc1TraceRatio.Value!.Value, now.Input.Collapse.Nc1TraceRatio.Value!.Value, Rounding);
        Assert.Equal(before.Input.Collapse.Nc4Agreement, now.Input.Collapse.Nc4Agreement);
        Assert.Equal(before.Weight.SingularValues, now.Weight.SingularValues);
        Assert.Equal(before.Gradient.Norm, now.Gradient.Norm);
        Assert.Equal(before.Nfa, now.Nfa);
        Assert.Equal(before.TcvBound, now.TcvBound);
        Assert.Equal(before.CollapseSteps, now.CollapseSteps);
        Near(before.Input.Covariance!, now.Input.Covariance!, Rounding);
        Near(before.Backpropagated!.SecondMoment, now.Backpropagated!.SecondMoment, Rounding);
        Near(before.Agop.Eigenvalues!, now.Agop.Eigenvalues!, Rounding);
        Near(before.Predicted!.Weight.SingularValues!, now.Predicted!.Weight.SingularValues!, Solved);
    }

    private static void Near(IReadOnlyList<double> expected, IReadOnlyList<double> actual, double tolerance)
    {
        Assert.Equal(expected.Count, actual.Count);
        double scale = expected.Max(Math.Abs);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance * scale));
    }

    private string Model()
    {
        string path = _folder["model.npz"];
        Trained.Value.SaveModel!(path);
        return path;
    }

    private static Report Run(AnalyzeOptions options) => Analyze.Run(options, Settings, TimeProvider.System, null, CancellationToken.None);

    private static AnalyzeResult Result(AnalyzeOptions options) => (AnalyzeResult)Run(options).Result;
}
