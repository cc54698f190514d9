using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;
using Eigenscope.Experiments.Tests.Kernels;
using Eigenscope.Learning.Data;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Testing.Files;

namespace Eigenscope.Experiments.Tests.Compression;

/// <summary>Which network the search and the training of factors end at, judged by counts of right samples and by the interval of Bonett and Price written out here.</summary>
public sealed class RankChoiceTests : IDisposable
{
    private const double Allowed = 0.1;
    private static readonly RunSettings Settings = new() { Threads = 2 };
    private static readonly StudyOptions Small = new() { Width = 24, Depth = 3, Epochs = 20, Restarts = 0, Operators = "none", MeasureEvery = 0, Samples = 600, TestFraction = 0.25, Standardize = true, Loss = "cross-entropy", WeightDecay = 1e-3 };
    private static readonly Lazy<Report> Trained = new(() => Study.Run(Small, Settings, TimeProvider.System, null, CancellationToken.None));
    private readonly TemporaryFolder _folder = new();
    private readonly Numerics.Execution.Compute _compute = RunHost.Start(Settings).Compute;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_hard_cut_is_taken_where_training_mends_it()
    {
        CompressPlan plan = Plan(epochs: 10, rate: 0.03);
        (CompressedNetwork network, RankSearchReport report) = Choose(plan);
        (CompressedNetwork untuned, _) = Choose(plan with { Options = plan.Options with { FineTuneEpochs = 0, LearningRate = null } });

        Assert.Equal("finished", network.Tuning!.Status);
        Assert.True(network.Network.ParameterCount < untuned.Network.ParameterCount);
        Assert.True(LargestDrop(plan, network, network.Cut) > Allowed);
        Assert.True(LargestDrop(plan, network, network.End.Parameters) <= Allowed);
        Assert.Equal(Accuracy(plan, network, network.End.Parameters), report.AccuracyAfter, 1e-12);
    }

    // At so small a learning rate nothing moves: no hard cut is mended, and the cut that is allowed stays so.
    [Fact]
    public void Without_a_hard_cut_the_network_as_trained_is_measured()
    {
        CompressPlan plan = Plan(epochs: 1, rate: 1e-12);
        (CompressedNetwork network, RankSearchReport report) = Choose(plan);
        Assert.Equal("finished", network.Tuning!.Status);
        Assert.NotSame(network.Cut, network.End.Parameters);
        Assert.True(LargestDrop(plan, network, network.End.Parameters) <= Allowed);
        Assert.Equal(Accuracy(plan, network, network.End.Parameters), report.AccuracyAfter, 1e-12);
    }

    // Labels that are wrong to train on make every network worse on those that are right.
    [Fact]
    public void Training_that_costs_more_than_is_allowed_is_left_out()
    {
        CompressPlan plan = Misled();
        (CompressedNetwork network, RankSearchReport report) = Choose(plan);
        (CompressedNetwork untuned, _) = Choose(plan with { Options = plan.Options with { FineTuneEpochs = 0, LearningRate = null } });
        Assert.Equal("refused", network.Tuning!.Status);
        Assert.Equal(network.Cut, network.End.Parameters);
        Assert.Equal(untuned.Ranks, network.Ranks);
        Assert.Equal(Accuracy(plan, network, network.Cut), report.AccuracyAfter, 1e-12);
        Assert.True(LargestDrop(plan, network, network.Cut) <= Allowed);
    }

    // Only the network that is whole has all parameters: every search begins at it, and it counts once.
    [Fact]
    public void Searches_for_hard_and_mild_cuts_try_no_plan_twice()
    {
        List<string> seen = [];
        CompressPlan plan = Misled();
        (_, RankSearchReport report) = Choose(plan, progress => { if (progress.Phase is "searching ranks") seen.Add(progress.Detail); });
        Assert.Equal(report.Tried, seen.Count);
        Assert.Single(seen, detail => detail.Contains($"· {plan.Model.Network.ParameterCount} parameters ·", StringComparison.Ordinal));
        Assert.Equal(Enumerable.Range(1, report.Tried), seen.Select(static detail => int.Parse(detail.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("fine-tuning", 2)]
    [InlineData("searching ranks", 9)]
    public void Interrupted_it_gives_a_network_that_is_allowed(string stage, int after)
    {
        using CancellationTokenSource source = new();
        int left = after;
        CompressPlan plan = Misled();
        (CompressedNetwork network, RankSearchReport report) = Choose(plan, progress => { if (progress.Phase == stage && --left == 0) source.Cancel(); }, source.Token);
        Assert.True(source.IsCancellationRequested);
        Assert.Null(network.Tuning);
        Assert.True(network.Ranks.All(static rank => rank == 0) || LargestDrop(plan, network, network.End.Parameters) <= Allowed);
        Assert.Equal(Accuracy(plan, network, network.End.Parameters), report.AccuracyAfter, 1e-12);
    }

    [Fact]
    public void Held_out_samples_change_neither_ranks_nor_factors()
    {
        CompressPlan plan = Plan(epochs: 2, rate: 0.03);
        Dataset test = plan.Data.Test!;
        Dataset other = new(test.Name, test.Source, test.Inputs, [.. test.Labels.Select(static label => (label + 1) % 10)], test.ClassNames);
        (CompressedNetwork first, RankSearchReport report) = Choose(plan);
        (CompressedNetwork second, RankSearchReport again) = Choose(plan with { Data = new DataSplit(plan.Data.Train, other) });
        Assert.Equal(first.Ranks, second.Ranks);
        Assert.Equal(first.End.Parameters, second.End.Parameters);
        Assert.Equal(report, again);
    }

    [Fact]
    public void A_network_of_which_nothing_is_cut_is_not_trained()
    {
        Report report = Compress.Run(new CompressOptions { Model = Model(), Rank = 1000, FineTuneEpochs = 3 }, Settings, TimeProvider.System, null, CancellationToken.None);
        CompressResult result = (CompressResult)report.Result;
        Assert.Null(result.FineTuning);
        Assert.Equal((0, 0), (result.Lost, result.Gained));
        Assert.EndsWith("The network is as it was, and was not trained further.", report.Findings[0], StringComparison.Ordinal);
    }

    // 90 samples with none changed: 2√2/92, 3.07 points; more than one is not shown.
    [Fact]
    public void Few_samples_certify_no_small_fall()
    {
        Report report = Compress.Run(new CompressOptions { Model = Model() }, Settings, TimeProvider.System, null, CancellationToken.None);
        CompressResult result = (CompressResult)report.Result;
        Assert.Equal((90, 1.0), (result.Search!.ValidationSamples, result.ParametersKept));
        Assert.Contains("90 samples cannot show that a fall is below 3.07", report.Findings[0], StringComparison.Ordinal);
        KernelRuns.AssertFollowsTheSchema(report);
    }

    [Theory]
    [InlineData(50, 0, 0, 0.05439283)]
    [InlineData(5001, 0, 0, 0.00056535)]
    [InlineData(5001, 40, 10, 0.00887412)]
    [InlineData(200, 3, 9, 0.00710659)]
    public void The_largest_fall_is_the_end_of_the_adjusted_interval(int samples, int lost, int gained, double expected)
    {
        double largest = new PairedAccuracy(samples, 0.9, 0.9 - ((lost - gained) / (double)samples), lost, gained).LargestDrop;
        Assert.Equal(expected, largest, 1e-8);
        Assert.True(RankSearch.IsAllowed(new PairedAccuracy(samples, 0.9, 0.9, lost, gained), expected + 1e-7));
        Assert.False(RankSearch.IsAllowed(new PairedAccuracy(samples, 0.9, 0.9, lost, gained), expected - 1e-7));
    }

    private (CompressedNetwork Network, RankSearchReport Report) Choose(CompressPlan plan, Action<RunProgress>? progress = null, CancellationToken cancellation = default) =>
        new RankChoice(plan, new LowRankWeights(plan.Model, _compute), _compute, new RandomStream(5), progress ?? (static _ => { }), cancellation).Search(plan.Validation!);

    private CompressPlan Plan(int epochs, double rate) =>
        CompressRecipe.Resolve(new CompressOptions { Model = Model(), MaxAccuracyDrop = Allowed, ValidationFraction = 0.8, FineTuneEpochs = epochs, LearningRate = rate }, Settings, new RandomStream(0));

    private CompressPlan Misled()
    {
        CompressPlan plan = Plan(epochs: 10, rate: 0.03);
        Dataset train = plan.Data.Train;
        return plan with { Data = new DataSplit(new Dataset(train.Name, train.Source, train.Inputs, [.. train.Labels.Select(static label => (label + 1) % 10)], train.ClassNames), plan.Data.Test) };
    }

    private bool[] Right(CompressPlan plan, Learning.Networks.Network network, double[] state) =>
        [.. new Classifier(plan, network, plan.Validation!, _compute).Predict(state).Zip(plan.Validation!.Labels, static (predicted, label) => predicted == label)];

    private double Accuracy(CompressPlan plan, CompressedNetwork network, double[] state) => Right(plan, network.Network, state).Average(static right => right ? 1.0 : 0.0);

    private double LargestDrop(CompressPlan plan, CompressedNetwork network, double[] state)
    {
        (bool Was, bool Is)[] pairs = [.. Right(plan, plan.Model.Network, plan.Model.State).Zip(Right(plan, network.Network, state))];
        double n = pairs.Length + 2, lost = (pairs.Count(static pair => pair.Was && !pair.Is) + 1) / n, gained = (pairs.Count(static pair => !pair.Was && pair.Is) + 1) / n;
        return lost - gained + (2.0 * Math.Sqrt((lost + gained - ((lost - gained) * (lost - gained))) / n));
    }

    private string Model()
    {
        if (!File.Exists(_folder["model.npz"]))
            Trained.Value.SaveModel!(_folder["model.npz"]);
        return _folder["model.npz"];
    }
}
