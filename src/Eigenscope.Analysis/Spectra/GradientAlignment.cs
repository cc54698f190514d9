using System.Globalization;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Analysis.Spectra;

/// <summary>
/// The share of the gradient in the top Hessian eigenspace, ‖Π_k g‖²/‖g‖² (Gur-Ari, Roberts, Dyer, "Gradient descent happens in a tiny subspace", arXiv 1812.04754).
/// Inside a cluster of eigenvalues Π_k is not defined, so k is raised to the cluster's end (<see cref="EigenvalueCluster"/>), and the k used is reported.
/// </summary>
/// <param name="Value">The share, in [0, 1] up to rounding; undefined when the gradient is zero or the cluster's end is not among the pairs.</param>
/// <param name="Requested">The k asked for.</param>
/// <param name="Used">The k used, ≥ <paramref name="Requested"/> unless the whole space is smaller; null when undefined for want of pairs.</param>
public sealed record GradientAlignment(Number Value, int Requested, int? Used)
{
    /// <summary>A gradient of at most this norm has no direction.</summary>
    public const double LeastGradientNorm = 1e-12;

    /// <summary>Measures the alignment.</summary>
    /// <param name="gradient">g, p entries: the gradient of the data loss over the parameters the operator acts on; finite.</param>
    /// <param name="pairs">Top eigenpairs of the operator, with vectors of all of them or of the first; beyond those the alignment is undefined.</param>
    /// <param name="k">Dimension of the eigenspace wanted, ≥ 1.</param>
    /// <returns>The share with the k used.</returns>
    /// <exception cref="ArgumentException">The pairs have no vectors, shapes do not fit, the gradient is not finite, or k is below 1.</exception>
    public static GradientAlignment Measure(ReadOnlySpan<double> gradient, EigenPairs pairs, int k)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        if (pairs.Vectors is null)
            throw new ArgumentException("expected eigenpairs with their vectors; ask the solver to keep them", nameof(pairs));
        double[] values = [.. pairs.Values];
        Check(gradient, pairs.Vectors.AsMatrix(), values);
        return Project(gradient, pairs.Vectors.AsMatrix(), values, k, pairs.UnlistedZeros);
    }

    /// <summary>Measures the alignment of a linearisation's own gradient in a scope.</summary>
    /// <param name="linearization">The network and its samples at the parameters of the eigenpairs.</param>
    /// <param name="scope">Scope of the eigenpairs: "all", a parameter, a layer or a pattern.</param>
    /// <param name="pairs">Top eigenpairs of the operator, with vectors.</param>
    /// <param name="k">Dimension of the eigenspace wanted, ≥ 1.</param>
    /// <returns>The share with the k used.</returns>
    /// <exception cref="ArgumentException">No such scope, the pairs have no vectors or are not of the scope's length, or k is below 1.</exception>
    public static GradientAlignment Measure(Linearization linearization, string scope, EigenPairs pairs, int k)
    {
        ArgumentNullException.ThrowIfNull(linearization);
        ParameterScope resolved = ParameterScope.Resolve(linearization.Objective.Network, scope);
        double[] gradient = new double[resolved.Length];
        resolved.Gather(linearization.Gradient.Span, gradient);
        return Measure(gradient, pairs, k);
    }

    /// <summary>Measures the alignment.</summary>
    /// <param name="gradient">g, p entries: the gradient of the data loss over the parameters the operator acts on; finite.</param>
    /// <param name="vectors">Orthonormal eigenvectors as rows, m × p, in the order of <paramref name="eigenvalues"/>; may hold more rows than there are values.</param>
    /// <param name="eigenvalues">The m largest eigenvalues, descending; m = p means the whole spectrum.</param>
    /// <param name="k">Dimension of the eigenspace wanted, ≥ 1; at or above p it is the whole space.</param>
    /// <returns>The share with the k used.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit, the eigenvalues do not descend, the gradient is not finite, or k is below 1.</exception>
    public static GradientAlignment Measure(ReadOnlySpan<double> gradient, ReadOnlyMatrixSpan<double> vectors, ReadOnlySpan<double> eigenvalues, int k)
    {
        Check(gradient, vectors, eigenvalues);
        if (vectors.Rows < eigenvalues.Length)
            throw new ArgumentException($"expected {eigenvalues.Length} eigenvectors as rows, got {vectors.Rows}", nameof(vectors));
        return Project(gradient, vectors, eigenvalues, k, unlistedZeros: 0);
    }

    private static GradientAlignment Project(ReadOnlySpan<double> gradient, ReadOnlyMatrixSpan<double> vectors, ReadOnlySpan<double> eigenvalues, int k, int unlistedZeros)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        int wanted = Math.Min(k, gradient.Length);
        int? used = EigenvalueCluster.End(eigenvalues, wanted, gradient.Length, unlistedZeros);
        if (used is not int count)
            return new GradientAlignment(Number.Undefined(MissingPairs(eigenvalues.Length, wanted)), k, null);
        if (count > vectors.Rows)
            return new GradientAlignment(Number.Undefined(MissingVectors(count, vectors.Rows)), k, null);
        double norm = Math.Sqrt(TensorPrimitives.SumOfSquares<double>(gradient));
        if (norm <= LeastGradientNorm)
            return new GradientAlignment(Number.Undefined("the gradient's norm is at most 1e-12"), k, count);
        double inside = 0.0;
        for (int i = 0; i < count; i++)
        {
            double coefficient = TensorPrimitives.Dot(vectors.Row(i), gradient) / norm;
            inside += coefficient * coefficient;
        }
        return new GradientAlignment(Number.Of(inside), k, count);
    }

    internal static string MissingVectors(int count, int available) => string.Create(
        CultureInfo.InvariantCulture,
        $"the eigenspace at the gap has dimension {count}, and {available} eigenvectors were kept; ask for more");

    private static string MissingPairs(int available, int k) => string.Create(
        CultureInfo.InvariantCulture,
        $"the end of the cluster of eigenvalue {k} is not among the {available} pairs available; solve for more");

    private static void Check(ReadOnlySpan<double> gradient, ReadOnlyMatrixSpan<double> vectors, ReadOnlySpan<double> eigenvalues)
    {
        if (gradient.IsEmpty || vectors.Columns != gradient.Length || eigenvalues.Length > gradient.Length)
            throw new ArgumentException($"expected {eigenvalues.Length} eigenvectors of {gradient.Length} entries as rows, got {vectors.Rows} × {vectors.Columns}", nameof(vectors));
        MatrixGuard.Finite(new ReadOnlyMatrixSpan<double>(gradient, 1, gradient.Length), nameof(gradient));
        for (int i = 0; i < eigenvalues.Length; i++)
        {
            if (!double.IsFinite(eigenvalues[i]) || (i > 0 && eigenvalues[i] > eigenvalues[i - 1]))
                throw new ArgumentException($"expected finite eigenvalues in descending order, got {eigenvalues[i]} at index {i}", nameof(eigenvalues));
        }
    }
}
