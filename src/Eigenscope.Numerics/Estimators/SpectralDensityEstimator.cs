using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Estimators.Density;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;

namespace Eigenscope.Numerics.Estimators;

/// <summary>
/// The spectral density of a symmetric operator by stochastic Lanczos quadrature (Lin, Saad and Yang, SIAM Review 58, 2016; Ubaru, Chen and Saad, SIAM J. Matrix Anal. Appl. 38, 2017).
/// <para><b>What is estimated.</b> With k eigenpairs known, A = Σ_known λ v vᵀ + P A P, P the projection on their complement. The known part is exact: k lines of mass 1/n. For u uniform on the unit sphere
/// of the complement, E[uᵀ f(P A P) u] = tr f / (n − k): each probe's spectral measure, found by Lanczos as a Gauss quadrature of weight 1, is an unbiased sample of what is left, and counts (n − k)/n. Nothing is
/// renormalised.</para>
/// <para><b>Probes</b> are normalised Gaussians. Random signs have a smaller variance for operators that are nearly diagonal, but once projected and normalised they are no longer uniform on the sphere, and the mean of
/// their measures is not the density. The variance of a smoothed value f is 2 (tr f² / m − (tr f / m)²) / (m + 2) for m = n − k: it falls with the dimension, and vanishes where the remainder is one value.</para>
/// <para><b>Bias.</b> m steps integrate polynomials of degree 2 m − 1 exactly. A Gaussian of width σ on a range R has Chebyshev coefficients that fall as exp(−2 j² σ² / R²) in the degree j, so that what is lost falls
/// as exp(−8 (m σ / R)²): 3·10⁻⁴ at σ = R / m, 10⁻⁸ at the width 1.5 R / m taken by default, below any band that probes can give. The symmetric-log curve has no such rule: near zero it may show less than its
/// kernel promises, and <see cref="DensityCurve.StepChange"/> says where.</para>
/// <para><b>Breakdown.</b> When a Krylov space closes, the quadrature is the probe's measure exactly, with fewer nodes: one node for a remainder that is a multiple of the identity.</para>
/// <para><b>Memory</b>: BlockSize · Steps + k + 2 · BlockSize vectors of n numbers.</para>
/// </summary>
public static class SpectralDensityEstimator
{
    /// <summary>Fewest probes that have a spread.</summary>
    public const int FewestProbes = 2;

    private const int LargestBlock = 8;

    // 1 GiB of Lanczos vectors.
    private const long BasisNumbers = 1L << 27;
    private const double WidthsPerResolution = 1.5;

    // A remainder within this share of the largest |value| is one value: its range is the operator's rounding, and nothing to take a width from.
    private const double RelativeResolution = 1e-8;
    private const double ThresholdShare = 1e-6;

    /// <summary>Estimates the density.</summary>
    /// <param name="operand">A, declared symmetric, n × n, n ≥ 1.</param>
    /// <param name="options">Probes, steps, what is known, and how to draw it.</param>
    /// <param name="compute">Where the arithmetic runs.</param>
    /// <param name="random">Source of the probes; consumed. Same stream, options, thread count and backend: same bits.</param>
    /// <param name="progress">Told the products spent, out of Probes · Steps, after every block of probes; may be null.</param>
    /// <param name="cancellation">Looked at before every product.</param>
    /// <returns>Lines, quadratures and curves.</returns>
    /// <exception cref="ArgumentException">The operator is not declared symmetric or is empty; an option is out of range, or the known pairs do not fit the operator or came without vectors.</exception>
    /// <exception cref="LinearAlgebraException">A product held a NaN or an infinity.</exception>
    /// <exception cref="OperationCanceledException">The estimate was cancelled.</exception>
    public static SpectralDensity Estimate(LinearOperator operand, SpectralDensityOptions options, Compute compute, RandomStream random, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(operand);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(compute);
        ArgumentNullException.ThrowIfNull(random);
        if (!operand.IsSymmetric)
            throw new ArgumentException("expected an operator declared symmetric; pass OperatorStructure.Symmetric to its constructor if it is", nameof(operand));
        if (operand.Rows == 0)
            throw new ArgumentException("expected an operator of dimension 1 or more, got 0: it has no spectrum", nameof(operand));
        Check(operand, options);
        KnownSubspace known = KnownSubspace.From(options.Known, operand.Rows, compute);
        OperatorProducts products = new(operand);
        Tridiagonal[] probes = known.Count < operand.Rows ? Sample(products, known, options, compute, random, progress, cancellation) : [];
        return Result(products, known, probes, options, compute.Blas);
    }

    private static Tridiagonal[] Sample(OperatorProducts products, KnownSubspace known, SpectralDensityOptions options, Compute compute, RandomStream random, IProgress<int>? progress, CancellationToken cancellation)
    {
        int n = products.Operator.Rows;
        int steps = Math.Min(options.Steps, n - known.Count);
        long affordable = Math.Clamp(BasisNumbers / ((long)steps * n), 1, LargestBlock);
        int block = Math.Min(options.BlockSize > 0 ? options.BlockSize : (int)affordable, options.Probes);
        ProbeLanczos lanczos = new(products, known, steps, block, compute);
        List<Tridiagonal> probes = [];
        while (probes.Count < options.Probes)
        {
            probes.AddRange(lanczos.Run(Math.Min(block, options.Probes - probes.Count), random, cancellation));
            progress?.Report(products.Count);
        }
        return [.. probes];
    }

    private static SpectralDensity Result(OperatorProducts products, KnownSubspace known, Tridiagonal[] probes, SpectralDensityOptions options, BlasBackend blas)
    {
        int n = products.Operator.Rows;
        double mass = (double)(n - known.Count) / n;
        SpectralLine[] lines = [.. known.Values.ToArray().OrderDescending().Select(value => new SpectralLine(value, 1.0 / n))];
        GaussQuadrature[] quadratures = Array.ConvertAll(probes, probe => probe.Quadrature(options.Steps, products.Scale, blas));
        GaussQuadrature[] earlier = Array.ConvertAll(probes, probe => probe.Quadrature(((3 * options.Steps) + 3) / 4, products.Scale, blas));
        (double Node, double Weight)[] merged = [.. quadratures.SelectMany(probe => probe.Nodes.Zip(probe.Weights, (node, weight) => (node, mass * weight / probes.Length))).OrderBy(pair => pair.Item1)];
        double resolution = probes.Length == 0 ? 0.0 : (merged[^1].Node - merged[0].Node) / options.Steps;
        return new SpectralDensity
        {
            Dimension = n,
            Lines = lines,
            Probes = quadratures,
            Nodes = Array.ConvertAll(merged, pair => pair.Node),
            Weights = Array.ConvertAll(merged, pair => pair.Weight),
            TotalMass = lines.Sum(line => line.Mass) + merged.Sum(pair => pair.Weight),
            Steps = options.Steps,
            Resolution = resolution,
            Confidence = options.Confidence,
            Linear = probes.Length == 0 ? null : Linear(),
            Log = probes.Length == 0 ? null : Log(),
            OperatorApplications = products.Count,
        };

        DensityCurve Linear() =>
            new DensitySmoother(new DensityAxis(DensityScale.Linear, 1.0), options.KernelWidth ?? DefaultWidth(), options.GridPoints, (merged[0].Node, merged[^1].Node), mass).Curve(quadratures, earlier, options.Confidence);

        DensityCurve Log() =>
            new DensitySmoother(new DensityAxis(DensityScale.SymmetricLog, options.LinearThreshold ?? DefaultThreshold()), options.LogKernelWidth, options.GridPoints, (merged[0].Node, merged[^1].Node), mass).Curve(quadratures, earlier, options.Confidence);

        double DefaultWidth() => KernelWidth(lines, merged[0].Node, merged[^1].Node, resolution, options.Steps);

        double DefaultThreshold() => Largest(lines, merged[0].Node, merged[^1].Node) is > 0 and double largest ? ThresholdShare * largest : 1.0;
    }

    /// <summary>1.5 · range / steps; where the remainder is one value, any width shows it, and that of the whole spectrum is taken, or the value's own size.</summary>
    private static double KernelWidth(SpectralLine[] lines, double low, double high, double resolution, int steps)
    {
        double largest = Largest(lines, low, high);
        if (high - low > RelativeResolution * largest)
            return WidthsPerResolution * resolution;
        double whole = Math.Max(high, lines.Select(line => line.Value).DefaultIfEmpty(high).Max()) - Math.Min(low, lines.Select(line => line.Value).DefaultIfEmpty(low).Min());
        double size = whole > RelativeResolution * largest ? whole : largest;
        return WidthsPerResolution * (size > 0 ? size : 1.0) / steps;
    }

    private static double Largest(SpectralLine[] lines, double low, double high) =>
        lines.Select(line => Math.Abs(line.Value)).Append(Math.Abs(low)).Append(Math.Abs(high)).Max();

    private static void Check(LinearOperator operand, SpectralDensityOptions options)
    {
        List<string> faults = [];
        Require(options.Probes >= FewestProbes, $"Probes must be ≥ {FewestProbes}, got {options.Probes}");
        Require(options.Steps >= 1, $"Steps must be ≥ 1, got {options.Steps}");
        Require(options.KernelWidth is null or (> 0 and < double.PositiveInfinity), $"KernelWidth must be > 0 (null chooses), got {options.KernelWidth}");
        Require(options.LogKernelWidth is > 0 and < double.PositiveInfinity, $"LogKernelWidth must be > 0, got {options.LogKernelWidth}");
        Require(options.LinearThreshold is null or (> 0 and < double.PositiveInfinity), $"LinearThreshold must be > 0 (null chooses), got {options.LinearThreshold}");
        Require(options.GridPoints >= 2, $"GridPoints must be ≥ 2, got {options.GridPoints}");
        Require(options.Confidence is > 0 and < 1, $"Confidence must lie between 0 and 1, got {options.Confidence}");
        Require(options.BlockSize >= 0, $"BlockSize must be ≥ 0 (0 chooses), got {options.BlockSize}");
        if (options.Known is { } known)
        {
            Require(known.Dimension == operand.Rows, $"Known belongs to an operator of dimension {known.Dimension}, this one has {operand.Rows}");
            Require(HasVectors(known), $"Known came without its eigenvectors; solve with KeepVectors");
        }
        if (faults.Count > 0)
            throw new ArgumentException(string.Join("; ", faults), nameof(options));

        void Require(bool holds, FormattableString fault)
        {
            if (!holds)
                faults.Add(FormattableString.Invariant(fault));
        }
    }

    private static bool HasVectors(EigenPairs pairs) =>
        (pairs.Values.Count == 0 || pairs.Vectors is not null) && (pairs.Smallest.Count == 0 || pairs.SmallestVectors is not null);
}
