using Eigenscope.Analysis;
using Eigenscope.Analysis.Ranks;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Learning.Compression;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Execution;

namespace Eigenscope.Experiments.Runs;

/// <summary>What a compressed network is beside the one that it was: accuracies on the same samples, sizes, arithmetic, time, and every weight's distance.</summary>
internal sealed class CompressMeasurement(CompressPlan plan, LowRankWeights weights, Compute compute, RunClock clock, CancellationToken cancellation)
{
    private static readonly int[] CurveRanks = [1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500];
    private readonly double[] _whole = plan.Model.State;

    /// <summary>Measures.</summary>
    /// <param name="compressed">The network of factors.</param>
    /// <param name="search">How ranks were searched; whether it holds is added here.</param>
    public CompressResult Measure(CompressedNetwork compressed, RankSearchReport? search)
    {
        (int[] ranks, Network network, double[] cut, FineTuningReport? tuning) = (compressed.Ranks, compressed.Network, compressed.Cut, compressed.Tuning);
        double[] state = compressed.End.Parameters;
        Classifier before = new(plan, plan.Model.Network, plan.Measured, compute), after = new(plan, network, plan.Measured, compute);
        int[] was = before.Predict(_whole);
        PairedAccuracy truncated = PairedAccuracy.Of(before.Labels, was, after.Predict(cut));
        PairedAccuracy accuracy = ReferenceEquals(cut, state) ? truncated : PairedAccuracy.Of(before.Labels, was, after.Predict(state));
        return new CompressResult
        {
            Rule = plan.Rule,
            HeldOut = plan.Data.Test is not null,
            TestSamples = accuracy.Samples,
            AccuracyBefore = accuracy.Before,
            AccuracyTruncated = truncated.After,
            AccuracyAfter = accuracy.After,
            AccuracyDrop = accuracy.Drop,
            StandardError = accuracy.StandardError,
            Lost = accuracy.Lost,
            Gained = accuracy.Gained,
            ParametersBefore = plan.Model.Network.ParameterCount,
            ParametersAfter = network.ParameterCount,
            ParametersKept = network.ParameterCount / (double)plan.Model.Network.ParameterCount,
            SingularValuesKept = weights.SingularValuesKept(ranks),
            FlopsBefore = NetworkWork.Flops(plan.Model.Network),
            FlopsAfter = NetworkWork.Flops(network),
            Time = InferenceTiming.Measure(() => before.Logits(_whole), () => after.Logits(state), accuracy.Samples, clock, cancellation),
            PredictedRank = plan.PredictedRank,
            Search = search is null ? null : search with { Holds = accuracy.Drop <= search.AllowedDrop },
            FineTuning = tuning,
            Layers = [.. weights.Parts.Select((part, l) => Layer(part, ranks[l]))],
            Uncut = [.. plan.Model.Network.WeightLayers.Where(static layer => LowRankWeights.WhyWhole(layer) is not null).Select(static layer => new UncutLayerReport(layer.Name, layer.Weight.Length, LowRankWeights.WhyWhole(layer)!))],
            Curve = Curve(before),
            Partial = cancellation.IsCancellationRequested || tuning?.Status is "interrupted",
        };
    }

    private CompressedLayerReport Layer(WeightDecomposition part, int rank)
    {
        int kept = rank > 0 ? rank : part.SingularValues.Count, predicted = Math.Min(plan.PredictedRank, part.SingularValues.Count);
        RankProfile profile = RankProfile.FromSingularValues(part.SingularValues, new RankOptions { TargetRank = predicted });
        double norm = RankProfile.DistanceToRank(part.SingularValues, 0), error = rank > 0 ? Distance(part, rank) : 0.0, least = RankProfile.DistanceToRank(part.SingularValues, kept);
        Number relative = Share(error, norm);
        return new CompressedLayerReport
        {
            Name = part.Layer.Name,
            Kind = part.Layer is DenseLayer ? "dense" : "convolution",
            Shape = [part.Rows, part.Columns],
            RankBefore = part.SingularValues.Count,
            RankAfter = kept,
            Factored = rank > 0,
            NumericalRank = profile.NumericalRank,
            ParametersBefore = part.Rows * part.Columns,
            ParametersAfter = rank > 0 ? part.Size(rank) : part.Rows * part.Columns,
            EnergyKept = Share(least, norm) is { Value: { } share } ? Number.Of(1.0 - (share * share)) : relative,
            TruncationError = error,
            EckartYoungError = least,
            RelativeError = relative,
            PredictedRank = predicted,
            PredictedError = profile.RankKDistance,
            RelativePredictedError = profile.RelativeRankKDistance,
            SingularValues = part.SingularValues,
        };
    }

    private static Number Share(double part, double whole) => whole > 0.0 ? Number.Of(part / whole) : Number.Undefined("the weight is zero");

    // From the product itself, not from the singular values: the two agree to rounding.
    private double Distance(WeightDecomposition part, int rank)
    {
        ParameterBlock block = part.Layer.Weight;
        double[] product = [.. _whole.AsSpan(0, block.Offset + block.Length)];
        part.Truncate(rank, product, compute);
        return System.Numerics.Tensors.TensorPrimitives.Distance<double>(product.AsSpan(block.Offset, block.Length), _whole.AsSpan(block.Offset, block.Length));
    }

    private List<UniformRankReport> Curve(Classifier measured)
    {
        int largest = weights.Parts.Max(static part => part.LargestSavingRank);
        List<UniformRankReport> curve = [];
        foreach (int rank in CurveRanks.Where(rank => rank <= largest))
        {
            if (cancellation.IsCancellationRequested)
                break;
            int[] ranks = weights.Plan(_ => rank);
            int parameters = weights.Parameters(ranks);
            double accuracy = measured.Predict(weights.Truncated(ranks)).Zip(measured.Labels).Count(static pair => pair.First == pair.Second) / (double)measured.Samples;
            curve.Add(new UniformRankReport(rank, parameters, parameters / (double)plan.Model.Network.ParameterCount, weights.SingularValuesKept(ranks), accuracy));
        }
        return curve;
    }
}
