using Eigenscope.Learning.Derivatives;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Spectra;

/// <summary>
/// Where an eigenvector v of a Hessian or a Gauss–Newton matrix lives: vᵀGv, G the Gauss–Newton matrix, is exactly the sum of vᵀ G_part v over the three parts of <see cref="PapyanSplit"/>, which are sums of
/// squares of directional derivatives: one pass up through the network for each vector, whatever the number of parameters. Within a cluster of eigenvalues (<see cref="EigenvalueCluster"/>) vectors are arbitrary
/// and only sums over the cluster are defined: every member carries the cluster's.
/// </summary>
/// <param name="Eigenvalue">θ, of the operator measured.</param>
/// <param name="GaussNewton">vᵀGv, mean over the cluster: θ itself for an eigenvector of G; what it leaves of θ for one of the Hessian is the network's own curvature.</param>
/// <param name="ClassShare">vᵀG_class v / vᵀGv; undefined where vᵀGv is zero to rounding.</param>
/// <param name="CrossClassShare">vᵀG_cross v / vᵀGv.</param>
/// <param name="WithinClassShare">vᵀG_within v / vᵀGv; the three sum to 1.</param>
/// <param name="ClusterSize">How many of the eigenvalues given are in its cluster, itself included.</param>
/// <param name="Origin">The verdict.</param>
public sealed record OutlierOrigin(double Eigenvalue, double GaussNewton, Number ClassShare, Number CrossClassShare, Number WithinClassShare, int ClusterSize, SpectralOrigin Origin)
{
    private const double Majority = 0.5;
    private const double Rounding = 64.0 * 2.220446049250313e-16;

    /// <summary>Measures where eigenvectors live.</summary>
    /// <param name="linearization">The network and its samples at the parameters of the eigenpairs.</param>
    /// <param name="scope">Scope of the eigenpairs.</param>
    /// <param name="labels">N class indices in 0 … K − 1; every class has a sample.</param>
    /// <param name="classes">K ≥ 2.</param>
    /// <param name="pairs">Top eigenpairs with vectors.</param>
    /// <param name="count">How many of them, ≥ 0; all there are if fewer. A cluster cut by it is averaged over the members inside.</param>
    /// <param name="cancellation">Ends between vectors, with those before.</param>
    /// <returns>One for each eigenvalue, in their order.</returns>
    /// <exception cref="ArgumentException">Pairs without vectors or of another length than the scope, labels that do not fit, or no such scope.</exception>
    public static IReadOnlyList<OutlierOrigin> Measure(Linearization linearization, string scope, ReadOnlySpan<int> labels, int classes, EigenPairs pairs, int count, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(linearization);
        ArgumentNullException.ThrowIfNull(pairs);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (pairs.Values.Count > 0 && pairs.Vectors is null)
            throw new ArgumentException("expected eigenpairs with their vectors; ask the solver to keep them", nameof(pairs));
        LinearOperator jacobian = linearization.Jacobian(scope);
        LogitFactors factors = new(linearization);
        ClassLogits structure = new(factors, labels, classes);
        List<Squares> squares = [];
        double[] derivatives = new double[factors.Length];
        for (int j = 0; j < Math.Min(count, pairs.Values.Count) && !cancellation.IsCancellationRequested; j++)
        {
            jacobian.Apply(new ReadOnlyMatrixSpan<double>(pairs.Vectors!.Row(j), 1, pairs.Vectors.Columns), new MatrixSpan<double>(derivatives, 1, derivatives.Length));
            factors.Multiply(derivatives);
            (double within, double cross, double own) = structure.SquaredNorms(derivatives);
            squares.Add(new Squares(own, cross, within));
        }
        return Judge(squares, pairs.Values);
    }

    private static List<OutlierOrigin> Judge(List<Squares> squares, IReadOnlyList<double> values)
    {
        List<OutlierOrigin> origins = [];
        for (int start = 0; start < squares.Count;)
        {
            int end = start + 1;
            while (end < squares.Count && values[end - 1] - values[end] <= EigenvalueCluster.Tolerance * Math.Abs(values[0]))
                end++;
            Squares sum = squares[start..end].Aggregate(static (a, b) => new Squares(a.Class + b.Class, a.Cross + b.Cross, a.Within + b.Within));
            double curvature = Math.Abs(Enumerable.Range(start, end - start).Sum(j => values[j]));
            double floor = Rounding * Math.Abs(values[0]) * (end - start);
            for (int j = start; j < end; j++)
                origins.Add(Of(values[j], sum, end - start, curvature, floor));
            start = end;
        }
        return origins;
    }

    private static OutlierOrigin Of(double eigenvalue, Squares sum, int members, double curvature, double floor)
    {
        double whole = sum.Class + sum.Cross + sum.Within;
        SpectralOrigin origin = whole < Majority * curvature || whole <= floor ? SpectralOrigin.NetworkCurvature
            : sum.Class > Majority * whole ? SpectralOrigin.Class
            : sum.Cross > Majority * whole ? SpectralOrigin.CrossClass
            : sum.Within > Majority * whole ? SpectralOrigin.WithinClass
            : SpectralOrigin.Mixed;
        return new OutlierOrigin(eigenvalue, whole / members, Share(sum.Class), Share(sum.Cross), Share(sum.Within), members, origin);

        Number Share(double part) => whole > floor ? Number.Of(part / whole) : Number.Undefined("the eigenvector is in the null space of the Gauss–Newton matrix");
    }

    private readonly record struct Squares(double Class, double Cross, double Within);
}
