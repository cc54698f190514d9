using Eigenscope.Analysis.Spectra;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Analysis.Doubt;

/// <summary>
/// The doubt of top eigenvalues that comes from measuring on a subset of the data: what another draw of as many samples, class by class, would have given. Inside a cluster of eigenvalues the j-th largest is an order
/// statistic, whose bias is of the order of its spread: read both numbers there, not the error alone.
/// </summary>
public static class EigenvalueDoubt
{
    private const string FirstOrder = "the infinitesimal jackknife is of first order and shows no bias";
    private const string Single = "every class has a single sample: there is nothing to resample";

    /// <summary>
    /// Split halves: the eigenvalues a and b of two halves of every class, drawn at random. A half has twice the variance of the whole, so that |a − b| / 2 is the standard error; from a single split it is a
    /// standard error with one degree of freedom, off by a factor of two as often as not, and the root mean square over several splits, which share samples, is better but not by their number. A mean over
    /// samples whose top eigenvalue is biased by β/N has halves biased by 2β/N: the halves' mean less the whole's is the whole's bias.
    /// </summary>
    /// <param name="linearization">The network and its samples at the parameters of the eigenvalues.</param>
    /// <param name="labels">N class indices in 0 … K − 1; a class with a single sample is in both halves.</param>
    /// <param name="classes">K ≥ 2.</param>
    /// <param name="operand">The operator of a half, as it was of the whole: <c>half => half.Hessian("1.weight")</c>.</param>
    /// <param name="whole">Eigenvalues over all samples.</param>
    /// <param name="options">How the halves are solved; Top is how many eigenvalues get an error.</param>
    /// <param name="splits">Number of splits, ≥ 1; each costs about one solve over all samples.</param>
    /// <param name="compute">Where to compute.</param>
    /// <param name="random">Splits and start vectors; consumed.</param>
    /// <param name="cancellation">Ends between solves.</param>
    /// <returns>One for each of the first eigenvalues, as many as every half has, as of a population without end; its resamplings are the splits of which both halves converged. Empty when none did, or when cancelled before.</returns>
    /// <exception cref="ArgumentException">Labels that do not fit the samples, a class without samples, or no splits.</exception>
    public static IReadOnlyList<ResampledEstimate> SplitHalves(Linearization linearization, ReadOnlySpan<int> labels, int classes, Func<Linearization, LinearOperator> operand, EigenPairs whole, EigenOptions options, int splits, Compute compute, RandomStream random, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(linearization);
        ArgumentNullException.ThrowIfNull(operand);
        ArgumentNullException.ThrowIfNull(whole);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(compute);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfLessThan(splits, 1);
        ClassLogits groups = new(new LogitFactors(linearization), labels, classes);
        double[] parameters = linearization.Parameters();
        List<(double[] A, double[] B)> pairs = [];
        for (int split = 0; split < splits; split++)
        {
            RandomStream stream = random.Split($"split {split}");
            (int[] first, int[] second) = Halves(groups.Members, stream.Split("halves"));
            double[]? a = Solve(first, "a"), b = Solve(second, "b");
            if (a is not null && b is not null)
                pairs.Add((a, b));

            double[]? Solve(int[] samples, string half)
            {
                if (cancellation.IsCancellationRequested)
                    return null;
                using Linearization part = linearization.Objective.Subset(samples).Linearize(parameters);
                EigenPairs solved = SymmetricEigensolver.Solve(operand(part), options with { KeepVectors = false }, compute, stream.Split(half), null, cancellation);
                return solved.Convergence.IsConverged ? [.. solved.Values] : null;
            }
        }
        return pairs.Count == 0 ? [] : Summarize(pairs, whole.Values, options.Top, IsResampled(groups));
    }

    /// <summary>
    /// Eigenvalues of a Gauss–Newton matrix by the infinitesimal jackknife: θ = vᵀGv = Σ w_i q_i is, to first order, a mean over samples of q_i = vᵀ J_iᵀ Λ_i J_i v, so that its variance is Σ_c W_c² Var_c(q)/n_c. One
    /// pass up for each vector, n_c − 1 degrees of freedom for each class; in a cluster of eigenvalues the first order does not hold, and what is given is the error of vᵀGv for that v.
    /// </summary>
    /// <param name="linearization">The network and its samples at the parameters of the eigenpairs.</param>
    /// <param name="scope">Scope of the eigenpairs.</param>
    /// <param name="labels">N class indices in 0 … K − 1; every class has a sample. A class with one sample adds no variance.</param>
    /// <param name="classes">K ≥ 2.</param>
    /// <param name="pairs">Eigenpairs of the Gauss–Newton matrix, with vectors.</param>
    /// <param name="count">How many of them; all with vectors if fewer.</param>
    /// <returns>Eigenvalues with their standard errors, as of a population without end, and without biases; the resamplings are N.</returns>
    /// <exception cref="ArgumentException">Pairs without vectors or of another length than the scope, labels that do not fit, or no such scope.</exception>
    public static IReadOnlyList<ResampledEstimate> GaussNewton(Linearization linearization, string scope, ReadOnlySpan<int> labels, int classes, EigenPairs pairs, int count)
    {
        ArgumentNullException.ThrowIfNull(linearization);
        ArgumentNullException.ThrowIfNull(pairs);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Tensor<double> vectors = pairs.Vectors ?? throw new ArgumentException("expected eigenpairs with their vectors; ask the solver to keep them", nameof(pairs));
        LogitFactors factors = new(linearization);
        ClassLogits groups = new(factors, labels, classes);
        LinearOperator jacobian = linearization.Jacobian(scope);
        List<ResampledEstimate> estimates = [];
        double[] derivatives = new double[factors.Length];
        for (int j = 0; j < Math.Min(count, vectors.Rows); j++)
        {
            jacobian.Apply(vectors.Row(j), derivatives);
            factors.Multiply(derivatives);
            double[] q = [.. Enumerable.Range(0, factors.Samples).Select(i => TensorPrimitives.SumOfSquares<double>(derivatives.AsSpan(i * factors.Logits, factors.Logits)))];
            double variance = Enumerable.Range(0, classes).Sum(c => groups.Weights[c] * groups.Weights[c] * VarianceOfMean([.. groups.Members[c].Select(i => q[i])]));
            estimates.Add(new ResampledEstimate(Number.Of(pairs.Values[j]), IsResampled(groups) ? Number.Of(Math.Sqrt(variance)) : Number.Undefined(Single), Number.Undefined(FirstOrder), factors.Samples));
        }
        return estimates;
    }

    private static bool IsResampled(ClassLogits groups) => groups.Members.Any(static members => members.Length > 1);

    private static (int[] First, int[] Second) Halves(int[][] members, RandomStream random)
    {
        List<int> first = [], second = [];
        bool larger = false;
        foreach (int[] group in members)
        {
            int[] shuffled = [.. group];
            random.Shuffle<int>(shuffled);
            // The odd sample of a class goes to the halves in turn.
            int half = (shuffled.Length + (larger ? 1 : 0)) / 2;
            larger ^= shuffled.Length % 2 == 1;
            first.AddRange(shuffled.Length == 1 ? shuffled : shuffled[..half]);
            second.AddRange(shuffled.Length == 1 ? shuffled : shuffled[half..]);
        }
        return ([.. first.Order()], [.. second.Order()]);
    }

    private static ResampledEstimate[] Summarize(List<(double[] A, double[] B)> pairs, IReadOnlyList<double> whole, int top, bool isResampled)
    {
        int count = Math.Min(Math.Min(top, whole.Count), pairs.Min(static pair => Math.Min(pair.A.Length, pair.B.Length)));
        ResampledEstimate[] estimates = new ResampledEstimate[count];
        for (int j = 0; j < count; j++)
        {
            int index = j;
            double square = pairs.Average(pair => (pair.A[index] - pair.B[index]) * (pair.A[index] - pair.B[index]) / 4.0);
            double mean = pairs.Average(pair => 0.5 * (pair.A[index] + pair.B[index]));
            (Number error, Number bias) = isResampled ? (Number.Of(Math.Sqrt(square)), Number.Of(mean - whole[j])) : (Number.Undefined(Single), Number.Undefined(Single));
            estimates[j] = new ResampledEstimate(Number.Of(whole[j]), error, bias, pairs.Count);
        }
        return estimates;
    }

    private static double VarianceOfMean(double[] values)
    {
        if (values.Length < 2)
            return 0.0;
        double mean = TensorPrimitives.Average<double>(values), sum = 0.0;
        foreach (double value in values)
            sum += (value - mean) * (value - mean);
        return sum / (values.Length - 1) / values.Length;
    }
}
