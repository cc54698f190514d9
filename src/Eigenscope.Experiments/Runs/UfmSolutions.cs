using Eigenscope.Analysis;
using Eigenscope.Analysis.Collapse;
using Eigenscope.Analysis.Ranks;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Experiments.Runs;

/// <summary>Which of the known solutions a point is, by its structure.</summary>
/// <param name="Rank">Rank of the class-mean logits.</param>
/// <param name="HiddenRank">Rank of the class means before the last activation; with one weight matrix of the features.</param>
/// <param name="EffectiveRank">That of the class-mean logits.</param>
/// <param name="Name">zero, dnc, rank-r, low-rank, srg, or null.</param>
/// <param name="Reason">Why none; null otherwise.</param>
internal sealed record RecognisedSolution(int Rank, int HiddenRank, Number EffectiveRank, string? Name, string? Reason);

/// <summary>
/// Recognises the solution that a run ended in: from the class-mean logits their rank, whether their non-zero singular values are equal, and for the paired low-rank solution of arXiv 2410.23169 their
/// Gram matrix; and from every weight, whether it has that rank and equal singular values too. The strongly regular solution (arXiv 2405.14468) is told by the ranks of the class means before and behind the last ReLU and their Gram matrix
/// before it. The loss plays no part.
/// </summary>
internal sealed class UfmSolutions(UfmPlan plan, Objective objective)
{
    // Of the largest singular value; a run that stopped at a gradient of 1e-10 has its zeros far below.
    private const double RankThreshold = 1e-4;

    // Of the decay's gradient, which the data's balances at a stationary point.
    private const double Stationary = 1e-2;
    private const double Equal = 1e-3;

    // Of a point's norm: the step against the gradient by which a kink is told from a slope.
    private const double KinkStep = 1e-3;

    // Singular values of weights settle later than the logits, which are a product of them.
    private const double EqualWeights = 1e-2;

    /// <summary>The class-mean logits as rows; where logits are free up to a constant, from their mean.</summary>
    public Tensor<double> ClassMeanLogits(ReadOnlySpan<double> parameters)
    {
        ClassStatistics statistics = ClassStatistics.Measure(objective.Logits(parameters).AsMatrix(), plan.Labels, plan.Classes);
        return plan.IsCentred ? statistics.CentredMeans : statistics.Means;
    }

    /// <summary>Recognises the solution.</summary>
    /// <param name="parameters">Features and weights.</param>
    /// <param name="stationarity">Norm of the objective's gradient there.</param>
    public RecognisedSolution Recognise(ReadOnlySpan<double> parameters, double stationarity)
    {
        Tensor<double> means = ClassMeanLogits(parameters);
        double[] sigma = SingularValues.Of(means.AsMatrix(), objective.Compute);
        ClassStatistics hidden = ClassStatistics.Measure(UfmHidden.BeforeLastActivation(plan, parameters, objective.Compute).AsMatrix(), plan.Labels, plan.Classes);
        int rank = Rank(sigma);
        int hiddenRank = Rank(SingularValues.Of(hidden.Means.AsMatrix(), objective.Compute));
        double decay = DecayGradient(parameters);
        bool isStationary = stationarity <= Stationary * decay || (!plan.IsLinear && SlopeOverStep(parameters) <= Stationary * decay);
        (string? name, string? reason) = !isStationary
            ? None(FormattableString.Invariant($"it is not a stationary point: the objective's gradient is {stationarity:G2} there, the decay's {decay:G2}"))
            : Name(parameters, means, sigma, hidden, hiddenRank);
        return new RecognisedSolution(rank, hiddenRank, RankProfile.FromSingularValues(sigma, new RankOptions { TargetRank = plan.Classes }).EffectiveRank, name, reason);
    }

    private static int Rank(double[] sigma) => sigma[0] == 0.0 ? 0 : sigma.Count(value => value >= RankThreshold * sigma[0]);

    private static (string? Name, string? Reason) None(string reason) => (null, reason);

    private double DecayGradient(ReadOnlySpan<double> parameters)
    {
        double[] gradient = new double[parameters.Length];
        plan.Decay.AddGradient(parameters, gradient);
        return NetworkMeasurement.Norm(gradient);
    }

    // A descent that ends at a kink of a ReLU ends at a gradient, which points across the kink: what counts there is how far the objective falls over a step.
    private double SlopeOverStep(ReadOnlySpan<double> parameters)
    {
        double[] moved = new double[parameters.Length];
        double loss = objective.Gradient(parameters, moved).Loss + plan.Decay.Penalty(parameters);
        plan.Decay.AddGradient(parameters, moved);
        double step = KinkStep * NetworkMeasurement.Norm(parameters);
        TensorPrimitives.MultiplyAdd(moved, -step / NetworkMeasurement.Norm(moved), parameters, moved);
        return step > 0.0 ? (loss - objective.Evaluate(moved).Loss - plan.Decay.Penalty(moved)) / step : 0.0;
    }

    private (string? Name, string? Reason) Name(ReadOnlySpan<double> parameters, Tensor<double> means, double[] sigma, ClassStatistics hidden, int hiddenRank)
    {
        int rank = Rank(sigma);
        if (rank == 0)
            return ("zero", null);
        if (rank == plan.Classes && plan.Vertices is { } vertices && hiddenRank == vertices)
            return new UfmEdgePattern(hidden, vertices).Problem() is { } problem ? None(problem) : ("srg", null);
        if (sigma[rank - 1] < (1.0 - Equal) * sigma[0])
            return None(FormattableString.Invariant($"the {rank} singular values of the class-mean logits are not equal: the least is {sigma[rank - 1] / sigma[0]:F3} of the largest"));
        if (UnequalWeight(parameters, rank) is { } layer)
            return None(FormattableString.Invariant($"W_{layer} does not have {rank} equal singular values and zeros, though the class-mean logits do"));
        if (rank == (plan.IsCentred ? plan.Classes - 1 : plan.Classes))
            return ("dnc", null);
        if (plan.Options.Depth == 1)
            return None("with one weight matrix a solution of lower rank is a saddle");
        if (plan.Options.Loss is "mse")
            return (FormattableString.Invariant($"rank-{rank}"), null);
        return 2 * rank == plan.Classes && IsPaired(means)
            ? ("low-rank", null)
            : None("no known solution has this rank and Gram matrix");
    }

    // The first layer whose weight does not act alike on as many directions as the logits have, and as nothing on all others.
    private string? UnequalWeight(ReadOnlySpan<double> parameters, int rank)
    {
        foreach (BilinearLayer layer in plan.Joint.WeightLayers)
        {
            ReadOnlyMatrixSpan<double> weight = new(parameters.Slice(layer.Weight.Offset, layer.Weight.Length), layer.Weight.Shape[0], layer.Weight.Shape[1]);
            double[] sigma = SingularValues.Of(weight, objective.Compute);
            bool isFlat = sigma.Length >= rank && sigma[rank - 1] >= (1.0 - EqualWeights) * sigma[0];
            if (!isFlat || (sigma.Length > rank && sigma[rank] > EqualWeights * sigma[0]))
                return layer.Name;
        }
        return null;
    }

    // Each class has exactly one partner at cosine −1 and is orthogonal to all others.
    private bool IsPaired(Tensor<double> means)
    {
        Tensor<double> gram = new(means.Rows, means.Rows);
        objective.Compute.Multiply(1.0, means.AsMatrix(), MatrixOp.None, means.AsMatrix(), MatrixOp.Transpose, 0.0, gram.AsMatrix());
        for (int row = 0; row < gram.Rows; row++)
        {
            int partners = 0;
            for (int column = 0; column < gram.Columns; column++)
            {
                double cosine = gram[row, column] / Math.Sqrt(gram[row, row] * gram[column, column]);
                bool isPartner = Math.Abs(cosine + 1.0) < Equal;
                partners += isPartner ? 1 : 0;
                if (row != column && !isPartner && Math.Abs(cosine) > Equal)
                    return false;
            }
            if (partners != 1)
                return false;
        }
        return true;
    }
}
