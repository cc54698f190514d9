using System.Text.Json;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Training;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;
using Eigenscope.Testing.Json;

namespace Eigenscope.Experiments.Tests.Studies;

public sealed class PredictionTests : IDisposable
{
    // Sums over a few dozen samples and solves of order 30.
    private const double Rounding = 1e-12;
    private readonly string _folder = Directory.CreateTempSubdirectory("eigenscope-").FullName;

    private static readonly StudyOptions Small = new() { Data = "gaussian", Width = 8, Depth = 3, Epochs = 20, BatchSize = 0, MeasureEvery = 0 };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Where_features_have_collapsed_and_activations_are_linear_the_prediction_is_the_measured_matrix(bool crossEntropy)
    {
        MeasuredSnapshot measured = MeasureCollapsed(crossEntropy ? new CrossEntropy() : new MeanSquaredError());
        foreach (string scope in new[] { "1.weight", "2.weight", "3.weight" })
        {
            SpectrumReport spectrum = measured.Spectra.Single(candidate => candidate.Report.Scope == scope).Report;
            PredictionReport predicted = spectrum.Predicted!;
            Assert.Equal("class-means", predicted.Source);
            // K² with the squared error, K (K − 1) with cross-entropy.
            Assert.Equal(crossEntropy ? 6 : 9, predicted.Groups.Sum(static group => group.Count));
            Assert.Equal(crossEntropy ? 6 : 9, predicted.SubspaceOverlapUsed);
            Assert.Equal(0.0, predicted.MaxRelativeError.Value!.Value, Rounding);
            Assert.Equal(1.0, predicted.SubspaceOverlap.Value!.Value, Rounding);
            Assert.Equal(1.0, predicted.ExplainedTrace.Value!.Value, Rounding);
        }
        Assert.All(measured.Layers, static layer =>
        {
            Assert.Equal(0.0, layer.Predicted!.SecondMoment.MaxRelativeError.Value!.Value, Rounding);
            Assert.Equal(0.0, layer.Predicted.Covariance.MaxRelativeError.Value!.Value, Rounding);
            Assert.Equal(0.0, layer.Predicted.Backpropagated.MaxRelativeError.Value!.Value, Rounding);
            Assert.Equal(1.0, layer.Predicted.Backpropagated.ExplainedTrace.Value!.Value, Rounding);
            Assert.Equal(0.0, layer.Papyan!.WithinClass.Rank.Value!.Value);
        });
    }

    [Fact]
    public void A_prediction_that_has_no_rank_left_says_so()
    {
        // All features zero: nothing is predicted, and nothing is measured either.
        MeasuredSnapshot measured = MeasureCollapsed(new MeanSquaredError(), scale: 0.0);
        PredictionReport predicted = measured.Spectra.Single(static candidate => candidate.Report.Scope == "1.weight").Report.Predicted!;
        Assert.Equal("the prediction is zero", predicted.SubspaceOverlap.Reason);
        Assert.Null(predicted.RelativeErrors);
        Assert.Equal("the layer's Gauss–Newton matrix is zero", predicted.ExplainedTrace.Reason);
        Assert.Equal("the gradient's norm is at most 1e-12", measured.Layers[0].Predicted!.Gradient.Share.Reason);
    }

    [Fact]
    public void A_study_reports_predictions_for_every_layer_along_training_and_at_its_end()
    {
        Report report = Run(Small);
        StudyResult result = (StudyResult)report.Result;
        Assert.All(result.Spectra, static spectrum => Assert.Equal(spectrum.Scope != "all", spectrum.Predicted is not null));
        Assert.All(result.Trajectory.SelectMany(static point => point.Spectra), static spectrum => Assert.Equal(spectrum.Scope != "all", spectrum.OverlapWithPrediction.IsDefined));
        Assert.All(result.Trajectory.SelectMany(static point => point.Layers), static layer => Assert.Null(layer.Predicted));
        foreach (LayerReport layer in result.Layers)
        {
            // Within-class variability is what class means leave out, of the same trace.
            double total = layer.Input.Covariance!.Sum();
            Assert.Equal(1.0 - (layer.Input.Collapse.Tcv.Value!.Value / total), layer.Predicted!.Covariance.ExplainedTrace.Value!.Value, Rounding);
            double squares = layer.Weight.SingularValues!.Sum(static sigma => sigma * sigma);
            Assert.Equal(squares, layer.Predicted.Weight.SingularValues.Sum(static sigma => sigma * sigma), Rounding * squares);
            Assert.True(layer.Predicted.Gradient.PairedShare.Value <= layer.Predicted.Gradient.Share.Value + Rounding);
            // Three parts and the whole, whose trace is that of the layer's Hessian: above it everything is piecewise linear.
            PapyanReport papyan = layer.Papyan!;
            Assert.Equal(papyan.Trace.Value!.Value, papyan.WithinClass.Trace.Value!.Value + papyan.CrossClass.Trace.Value!.Value + papyan.Class.Trace.Value!.Value, Rounding * papyan.Trace.Value.Value);
            SpectrumReport hessian = result.Spectra.Single(spectrum => spectrum.Operator == "hessian" && spectrum.Scope == layer.Weight.Parameter);
            Assert.Equal(hessian.Trace!.Mean, papyan.Trace.Value.Value, Rounding * papyan.Trace.Value.Value);
        }
        Assert.Contains(report.Tables, static table => table.Title == "Predicted from class means" && table.Rows.Count == 3);
        Assert.Contains(report.Findings, static finding => finding.StartsWith("From class means alone", StringComparison.Ordinal));
        NamedArray vectors = report.Arrays.Value.Single(static array => array.Name == "predicted/2.weight/eigenvectors");
        Assert.Equal(64, vectors.Shape[1]);
    }

    [Fact]
    public void Shuffled_labels_keep_the_inputs_and_the_sizes_of_classes()
    {
        RunSettings settings = new() { Threads = 2 };
        StudyOptions options = Small with { Data = Unequal() };
        StudyPlan plain = StudyRecipe.Resolve(options, settings, new RandomStream(0));
        StudyPlan shuffled = StudyRecipe.Resolve(options with { ShuffleLabels = true }, settings, new RandomStream(0));
        StudyPlan other = StudyRecipe.Resolve(options with { ShuffleLabels = true }, settings, new RandomStream(1));
        Assert.Equal(plain.Data.Train.Inputs.Span.ToArray(), shuffled.Data.Train.Inputs.Span.ToArray());
        Assert.Equal(plain.Data.Train.ClassCounts, shuffled.Data.Train.ClassCounts);
        Assert.NotEqual(plain.Data.Train.Labels, shuffled.Data.Train.Labels);
        Assert.NotEqual(shuffled.Data.Train.Labels, other.Data.Train.Labels);
        Report report = Run(options with { ShuffleLabels = true, Epochs = 2 });
        Assert.Equal(true, report.Config["shuffleLabels"]);
        Assert.EndsWith("; labels permuted", (string)report.Config["dataSource"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mse")]
    [InlineData("cross-entropy")]
    public void The_untrained_network_is_measured_with_its_prediction(string loss)
    {
        Report report = Run(Small with { Epochs = 0, Loss = loss, Restarts = 0 });
        using JsonDocument document = JsonDocument.Parse(Json(report));
        Assert.Empty(PublishedSchema.Problems(document.RootElement));
        StudyResult result = (StudyResult)report.Result;
        Assert.Single(result.Trajectory);
        Assert.All(result.Spectra.Where(static spectrum => spectrum.Scope != "all"), static spectrum => Assert.True(spectrum.Predicted!.SubspaceOverlap.IsDefined, spectrum.Predicted.SubspaceOverlap.Reason));
    }

    [Fact]
    public void With_many_classes_three_pairs_a_class_are_enough_unless_more_are_asked_for()
    {
        Assert.Equal([101, 962, 97, 120_001, 2000], new[] { StudySize.Pairs(20, 10), StudySize.Pairs(20, 31), StudySize.Pairs(20, 32), StudySize.Pairs(20, 40_000), StudySize.Pairs(2000, 100) });
        string path = Path.Combine(_folder, "many.csv");
        File.WriteAllLines(path, Enumerable.Range(0, 80).Select(static i => FormattableString.Invariant($"{Math.Sin(i)},{Math.Cos(3 * i)},{i % 40}")));
        Report report = Run(Small with { Data = path, Width = 3, Depth = 2, Epochs = 1, Restarts = 0 });
        Assert.Contains(report.Findings, static finding => finding.Contains("the 121 largest eigenvalues were asked for, fewer than K² = 1600; --top asks for more", StringComparison.Ordinal));
        using JsonDocument document = JsonDocument.Parse(Json(report));
        Assert.Empty(PublishedSchema.Problems(document.RootElement));
    }

    // Samples equal to their class means, classes of unequal size, a linear network with arbitrary weights: every factor of the Gauss–Newton matrix is its class mean.
    private static MeasuredSnapshot MeasureCollapsed(Loss loss, double scale = 1.0)
    {
        RandomStream random = new(8);
        Compute compute = new(BlasBackends.Load(BlasChoice.Auto).Backend, 2);
        Network network = Network.Mlp(new MlpOptions { Widths = [5, 6, 4, 3], Activation = Activation.Linear, Biases = false });
        double[] parameters = new double[network.ParameterCount], means = new double[15];
        random.FillNormal(parameters, 0.5);
        random.FillNormal(means, 1.0);
        int[] labels = [0, 0, 1, 2, 2, 1, 1, 1, 0, 1, 2, 1];
        Tensor<double> features = new([.. labels.SelectMany(c => means.Skip(5 * c).Take(5).Select(value => scale * value))], labels.Length, 5);
        Objective objective = Objective.Create(network, features, labels, loss, compute, new ObjectiveOptions());
        MeasurementPlan plan = new()
        {
            Network = network,
            Decay = WeightDecay.OnWeights(network, 0.0),
            Labels = labels,
            Classes = 3,
            Pairs = 10,
            Bottom = 0,
            Tolerance = 1e-10,
        };
        return new NetworkMeasurement(plan, objective, compute, random, static _ => { }, CancellationToken.None).MeasureFinal(new Snapshot(0, 0, 0.0, parameters));
    }

    private string Unequal()
    {
        string path = Path.Combine(_folder, "unequal.csv");
        File.WriteAllLines(path, Enumerable.Range(0, 60).Select(static i => FormattableString.Invariant($"{Math.Sin(i)},{Math.Cos(3 * i)},{(i % 6 == 0 ? 2 : i % 2)}")));
        return path;
    }

    private static Report Run(StudyOptions options) => Study.Run(options, new RunSettings { Threads = 2 }, TimeProvider.System, null, CancellationToken.None);

    private static string Json(Report report)
    {
        using MemoryStream stream = new();
        ReportJson.Write(report, stream);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
