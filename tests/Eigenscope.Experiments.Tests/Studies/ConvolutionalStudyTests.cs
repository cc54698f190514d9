using System.Text.Json;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Reports.Pages;
using Eigenscope.Experiments.Runs;
using Eigenscope.Learning.Networks;
using Eigenscope.Testing.Json;

namespace Eigenscope.Experiments.Tests.Studies;

/// <summary>A small residual network on the embedded digits, whole: trained, measured on a subset with its doubt, beside its class means.</summary>
public sealed class ConvolutionalStudyTests
{
    private static readonly StudyOptions Small = new()
    {
        Model = "resnet8",
        Channels = 2,
        Samples = 200,
        MeasureSamples = 60,
        Standardize = true,
        Loss = "cross-entropy",
        LabelSmoothing = 0.1,
        Augment = "crop",
        Epochs = 6,
        BatchSize = 50,
        MeasureEvery = 3,
        Restarts = 0,
        Operators = "hessian,gauss-newton,fisher,empirical-fisher,gradient-covariance",
        Scopes = "stage1.*",
        Density = true,
        Memory = "1MB",
        ConvolutionSpectrum = true,
    };

    private static readonly Lazy<Report> Whole = new(() => Report(Small));
    private static readonly Lazy<StudyResult> Once = new(() => (StudyResult)Whole.Value.Result);

    [Fact]
    public void Every_layer_with_a_weight_is_measured_and_named_by_its_kind()
    {
        StudyResult result = Once.Value;
        Assert.Equal(10, result.Layers.Count);
        Assert.Equal("convolution", result.Layers[0].Kind);
        Assert.Equal([2, 3, 3, 1], result.Layers[0].Weight.Shape);
        Assert.Equal("dense", result.Layers[^1].Kind);
        Assert.All(result.Layers.SkipLast(1), static layer => Assert.False(layer.Nfa.Pearson.IsDefined));
        Assert.True(result.Layers[^1].Nfa.Pearson.IsDefined);
        Assert.NotNull(result.Papyan);
        Assert.True(result.Converged);
    }

    // A 3 × 3 convolution on 8 × 8: the squares of all singular values of the circular map sum to 64 times those of the kernel; with stride 2, to 16 times.
    [Fact]
    public void Convolutions_are_measured_on_their_grids_too()
    {
        foreach (LayerReport layer in Once.Value.Layers)
        {
            GridReport? grid = layer.Weight.OnGrid;
            Assert.Equal(layer.Kind is "convolution", grid is not null);
            Assert.Equal(1e-3, layer.Weight.NumericalRankThreshold);
            if (grid is null)
                continue;
            bool strides = layer.Name is "stage2.0.conv1" or "stage2.0.shortcut" or "stage3.0.conv1" or "stage3.0.shortcut";
            int positions = grid.Height * grid.Width / (strides ? 4 : 1);
            Assert.Equal("circular", grid.Boundary);
            Assert.Equal(grid.Count, grid.SingularValues.Count);
            Assert.Equal(positions * Math.Min(layer.Weight.Shape[0], layer.Weight.Shape[3] * (strides ? 4 : 1)), grid.Count);
            Assert.Equal(grid.SingularValues[0], grid.Norm.Value);
            double kernel = positions * layer.Weight.SingularValues!.Sum(static s => s * s);
            // On 2 × 2 a kernel of 3 × 3 meets itself.
            if (grid.Height >= layer.Weight.Shape[1])
                Assert.Equal(kernel, grid.SingularValues.Sum(static s => s * s), 1e-9 * kernel);
        }
        Assert.All(Once.Value.Trajectory.SelectMany(static point => point.Layers), static layer => Assert.Null(layer.Weight.OnGrid));
        Assert.Contains(Whole.Value.Tables, static table => table.Title is "Convolutions as maps on their grids" && table.Rows.Count == 9);
    }

    [Fact]
    public void The_subset_that_was_measured_is_said_and_carries_its_doubt()
    {
        StudyResult result = Once.Value;
        Assert.Equal(60, result.MeasuredSamples);
        Assert.Equal(200, result.Training!.Samples);
        Assert.All(result.Spectra, static spectrum => Assert.Equal(60, spectrum.Samples));
        Assert.All(result.Layers, static layer => Assert.True(layer.Input.Nc1StandardError?.Value > 0.0));
        Assert.All(result.Layers, static layer => Assert.True(layer.Input.Nc1Bias?.IsDefined));
        Assert.True(result.Output.Nc1StandardError?.Value > 0.0);
        Assert.Null(result.Trajectory[0].Layers[0].Input.Nc1StandardError);
        SpectrumReport gaussNewton = result.Spectra.Single(static spectrum => spectrum is { Operator: "gauss-newton", Scope: "all" });
        Assert.Equal(10, gaussNewton.EigenvalueStandardErrors!.Count);
        Assert.All(gaussNewton.EigenvalueStandardErrors, static error => Assert.True(error > 0.0));
        Assert.All(result.Spectra, static spectrum => Assert.True(spectrum.EigenvalueStandardErrors is null ^ spectrum.EigenvalueStandardErrorsReason is null));
        Assert.NotNull(result.Spectra.Single(static spectrum => spectrum is { Operator: "hessian", Scope: "all" }).EigenvalueStandardErrorsReason);
        Assert.NotNull(result.Spectra.Single(static spectrum => spectrum is { Operator: "empirical-fisher", Scope: "all" }).EigenvalueStandardErrorsReason);
    }

    [Fact]
    public void Tables_findings_and_the_page_show_it()
    {
        Report report = Whole.Value;
        Assert.All(report.Tables[0].Rows, static row => Assert.Contains(" ± ", row[2], StringComparison.Ordinal));
        SummaryTable spectra = report.Tables.Single(static table => table.Title.StartsWith("Spectra of", StringComparison.Ordinal));
        Assert.Contains(" ± ", spectra.Rows.Single(static row => row[0] is "gauss-newton" && row[1] is "all")[4], StringComparison.Ordinal);
        Assert.DoesNotContain("±", spectra.Rows.Single(static row => row[0] is "hessian" && row[1] is "all")[4], StringComparison.Ordinal);
        Assert.Contains(spectra.Notes, static note => note.StartsWith("No ± for hessian all", StringComparison.Ordinal) && note.Contains("cost too much", StringComparison.Ordinal));
        Assert.Contains(report.Findings, static finding => finding.Contains("NC1", StringComparison.Ordinal) && finding.Contains(" ± ", StringComparison.Ordinal));
        ReportPage page = report.Page!.Value;
        Assert.Contains(" ± ", page.Sections.SelectMany(static section => section.Figures).Single(static figure => figure.Id == "glance-variability").Sentence, StringComparison.Ordinal);
        Assert.Contains(" ± ", page.Sections.SelectMany(static section => section.Figures).Single(static figure => figure.Id == "full-gauss-newton-all").Sentence, StringComparison.Ordinal);
        Assert.Single(page.Sections.Single(static section => section.Anchor == "doubts").Points, static point => point.StartsWith("Only a part of the training samples is measured.", StringComparison.Ordinal));
    }

    [Fact]
    public void The_JSON_has_the_reason_where_an_error_is_missing_and_follows_the_schema()
    {
        using MemoryStream stream = new();
        ReportJson.Write(Whole.Value, stream);
        using JsonDocument document = JsonDocument.Parse(stream.ToArray());
        Assert.Empty(PublishedSchema.Problems(document.RootElement));
        JsonElement[] spectra = [.. document.RootElement.GetProperty("result").GetProperty("spectra").EnumerateArray()];
        JsonElement hessian = spectra.Single(static spectrum => spectrum.GetProperty("operator").GetString() == "hessian" && spectrum.GetProperty("scope").GetString() == "all");
        Assert.Equal(JsonValueKind.Null, hessian.GetProperty("eigenvalueStandardErrors").ValueKind);
        Assert.Contains("cost too much", hessian.GetProperty("eigenvalueStandardErrorsReason").GetString(), StringComparison.Ordinal);
        Assert.True(document.RootElement.GetProperty("result").GetProperty("papyan").GetProperty("withinClass").GetProperty("residuals").GetArrayLength() > 0);
    }

    [Fact]
    public void Scopes_by_pattern_hold_the_parameters_they_name()
    {
        StudyResult result = Once.Value;
        Network network = Network.ForImages(new ImageModelOptions { Model = ImageModel.ResNet8, SampleShape = [1, 8, 8], Classes = 10, Channels = 2 });
        int expected = network.Blocks.Where(static block => block.Name.StartsWith("stage1.", StringComparison.Ordinal)).Sum(static block => block.Length);
        SpectrumReport[] scoped = [.. result.Spectra.Where(static spectrum => spectrum.Scope == "stage1.*")];
        Assert.Equal(["hessian", "gauss-newton", "fisher", "empirical-fisher", "gradient-covariance"], scoped.Select(static spectrum => spectrum.Operator));
        Assert.All(scoped, spectrum => Assert.Equal(expected, spectrum.Dimension));
        Assert.Equal("gauss-newton", scoped[2].SameAs);
        Assert.Equal(scoped[1].Eigenvalues, scoped[2].Eigenvalues);
    }

    [Fact]
    public void Gradient_moments_differ_by_the_mean_gradient()
    {
        // Σ w g gᵀ = covariance + ḡ ḡᵀ, and the traces differ by ‖ḡ‖²: the gradient norm that the result gives.
        StudyResult result = Once.Value;
        SpectrumReport moment = result.Spectra.Single(static spectrum => spectrum is { Operator: "empirical-fisher", Scope: "stage1.*" });
        SpectrumReport covariance = result.Spectra.Single(static spectrum => spectrum is { Operator: "gradient-covariance", Scope: "stage1.*" });
        Assert.True(moment.Complete && covariance.Complete);
        double difference = moment.Eigenvalues.Sum() - covariance.Eigenvalues.Sum();
        Assert.InRange(difference, 0.0, result.GradientNorm * result.GradientNorm * (1.0 + 1e-9));
        double weights = result.Layers.Where(static layer => layer.Name.StartsWith("stage1.", StringComparison.Ordinal)).Sum(static layer => layer.Gradient.Norm * layer.Gradient.Norm);
        Assert.True(difference >= weights * (1.0 - 1e-9), "the scope holds these weights and normalisations besides");
    }

    [Fact]
    public void Densities_have_mass_one_and_eigenvectors_an_origin()
    {
        StudyResult result = Once.Value;
        foreach (SpectrumReport spectrum in result.Spectra.Where(static spectrum => spectrum.Scope == "all"))
        {
            Assert.Equal(1.0, spectrum.Density!.TotalMass, 1e-12);
            Assert.Equal(spectrum.Density.Lines.Count / (double)spectrum.Dimension, 1.0 - spectrum.Density.Weights.Sum(), 1e-12);
        }
        OriginReport origins = result.Spectra.Single(static spectrum => spectrum is { Operator: "gauss-newton", Scope: "all" }).Origins!;
        Assert.Equal(10, origins.Outliers.Total);
        for (int i = 0; i < origins.Origins.Count; i++)
            Assert.Equal(1.0, origins.ClassShares[i].Value!.Value + origins.CrossClassShares[i].Value!.Value + origins.WithinClassShares[i].Value!.Value, 1e-9);
        Assert.Null(result.Spectra.Single(static spectrum => spectrum is { Operator: "empirical-fisher", Scope: "all" }).Origins);
    }

    [Fact]
    public void Class_means_predict_convolutions_too()
    {
        foreach (SpectrumReport spectrum in Once.Value.Spectra.Where(static spectrum => spectrum.Operator == "hessian" && spectrum.Scope.EndsWith(".weight", StringComparison.Ordinal)))
        {
            Assert.NotNull(spectrum.Predicted);
            Assert.True(spectrum.Predicted.ExplainedTrace.Value > 0.0, spectrum.Scope);
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits()
    {
        StudyOptions shorter = Small with { Epochs = 2, MeasureEvery = 0, Density = false, Operators = "hessian", Scopes = null, Dropout = 0.3, HeadDepth = 2, HeadWidth = 8 };
        StudyResult first = Run(shorter), second = Run(shorter);
        Assert.Equal(first.Loss, second.Loss);
        Assert.Equal(first.Spectra.SelectMany(static spectrum => spectrum.Eigenvalues), second.Spectra.SelectMany(static spectrum => spectrum.Eigenvalues));
    }

    [Fact]
    public void With_weight_decay_eigenvalues_of_a_weight_move_by_lambda()
    {
        StudyOptions plain = Small with { Epochs = 1, MeasureEvery = 0, Density = false, Operators = "hessian", Scopes = null };
        SpectrumReport without = Run(plain).Spectra[0], with = Run(plain with { IncludeWeightDecay = true }).Spectra[0];
        Assert.True(with.IncludesWeightDecay);
        for (int i = 0; i < without.Eigenvalues.Count; i++)
            Assert.Equal(without.Eigenvalues[i] + plain.WeightDecay, with.Eigenvalues[i], 1e-10 * without.Eigenvalues[0]);
    }

    [Theory]
    [InlineData("gaussian", "none", "resnet8", "images")]
    [InlineData("gaussian", "flip", "mlp", "images")]
    [InlineData("digits", "none", "resnet99", "--model")]
    public void What_does_not_fit_is_refused_by_name(string data, string augment, string model, string word)
    {
        UsageException refused = Assert.Throws<UsageException>(() => Run(Small with { ConvolutionSpectrum = model is not "mlp", Data = data, Augment = augment, Model = model, Channels = model is "mlp" ? null : Small.Channels, Samples = null, MeasureSamples = null, Standardize = false }));
        Assert.Contains(word, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_of_the_new_options_are_listed_at_once()
    {
        StudyOptions wrong = Small with { Samples = 0, MeasureSamples = 0, Channels = 0, HeadDepth = 0, HeadWidth = 0, LabelSmoothing = 1.0, Dropout = -0.1, Augment = "spin", Operators = "laplacian", Memory = "plenty", Optimizer = "lbfgs" };
        UsageException refused = Assert.Throws<UsageException>(() => Study.Validate(wrong, new RunSettings()));
        foreach (string option in new[] { "--samples", "--measure-samples", "--channels", "--head-depth", "--head-width", "--label-smoothing", "--dropout", "--augment", "--operators", "--memory", "--optimizer" })
            Assert.Contains(option, refused.Message, StringComparison.Ordinal);
    }

    private static StudyResult Run(StudyOptions options) => (StudyResult)Report(options).Result;

    private static Report Report(StudyOptions options) => Study.Run(options, new RunSettings { Threads = 2 }, TimeProvider.System, null, CancellationToken.None);
}
