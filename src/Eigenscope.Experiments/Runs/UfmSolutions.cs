using Eigenscope.Analysis.Collapse;
using Eigenscope.Analysis.Ranks;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Experiments.Runs;

/// <summary>Which of the known solutions a point is, by its structure.</summary>
/// <param name="Rank">Rank of the class-mean logits.</param>
/// <param name="Name">zero, dnc, rank-r, low-rank, or null.</param>
/// <param name="Reason">Why none; null otherwise.</param>
internal sealed record RecognisedSolution(int Rank, string? Name, string? Reason)
{
    public static RecognisedSolution None(int rank, string reason) => new(rank, null, reason);
}

/// <summary>
/// Recognises the solution that a run ended in: from the class-mean logits their rank, whether their non-zero singular values are equal, and for the paired low-rank solution of arXiv 2410.23169 their
/// Gram matrix; and from every weight, whether it has that rank and equal singular values too. The loss plays no part.
/// </summary>
internal sealed class UfmSolutions(UfmPlan plan, Objective objective)
{
    // Of the largest singular value; a run that stopped at a gradient of 1e-10 has its zeros far below.
    private const double RankThreshold = 1e-4;

    // Of the decay's gradient, which the data's balances at a stationary point.
    private const double Stationary = 1e-2;
    private const double Equal = 1e-3;

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
        int rank = sigma[0] == 0.0 ? 0 : sigma.Count(value => value >= RankThreshold * sigma[0]);
        double decay = DecayGradient(parameters);
        if (stationarity > Stationary * decay)
            return RecognisedSolution.None(rank, FormattableString.Invariant($"it is not a stationary point: the objective's gradient is {stationarity:G2} there, the decay's {decay:G2}"));
        return rank == 0 ? new RecognisedSolution(0, "zero", null) : RecogniseNonZero(parameters, means, sigma, rank);
    }

    private double DecayGradient(ReadOnlySpan<double> parameters)
    {
        double[] gradient = new double[parameters.Length];
        plan.Decay.AddGradient(parameters, gradient);
        return NetworkMeasurement.Norm(gradient);
    }

    private RecognisedSolution RecogniseNonZero(ReadOnlySpan<double> parameters, Tensor<double> means, double[] sigma, int rank)
    {
        if (sigma[rank - 1] < (1.0 - Equal) * sigma[0])
            return RecognisedSolution.None(rank, FormattableString.Invariant($"the {rank} singular values of the class-mean logits are not equal: the least is {sigma[rank - 1] / sigma[0]:F3} of the largest"));
        if (UnequalWeight(parameters, rank) is { } layer)
            return RecognisedSolution.None(rank, FormattableString.Invariant($"W_{layer} does not have {rank} equal singular values and zeros, though the class-mean logits do"));
        if (rank == (plan.IsCentred ? plan.Classes - 1 : plan.Classes))
            return new RecognisedSolution(rank, "dnc", null);
        if (plan.Options.Depth == 1)
            return RecognisedSolution.None(rank, "with one weight matrix a solution of lower rank is a saddle");
        if (plan.Options.Loss is "mse")
            return new RecognisedSolution(rank, FormattableString.Invariant($"rank-{rank}"), null);
        return 2 * rank == plan.Classes && IsPaired(means)
            ? new RecognisedSolution(rank, "low-rank", null)
            : RecognisedSolution.None(rank, "no known solution has this rank and Gram matrix");
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
