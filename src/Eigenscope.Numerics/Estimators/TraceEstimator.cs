using System.Globalization;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Estimators.Traces;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Primitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Numerics.Estimators;

/// <summary>
/// tr A from products, by one of <see cref="TraceMethod"/>, with a standard error and a stopping rule on it.
/// <para><b>Unbiased</b>: all three, at a number of products fixed in advance. Hutchinson's variance of one sample is 2 Σ_{i≠j} a_ij² for a symmetric A; that of the other two is of the part of A outside the sketch,
/// and vanishes where that part is a multiple of the identity.</para>
/// <para><b>Standard errors</b> come from independent samples for Hutchinson and, given its sketch, for Hutch++. The values XTrace averages share their sketch: their spread, its authors' proposal, came out 1.0 to 1.5 times
/// too small at 24 and 48 products on five spectra, and the jackknife over test vectors, too large by Efron and Stein's inequality, up to 4.6 times; what is reported is the geometric mean of the two.</para>
/// <para><b>Stopping</b> on an estimated error favours errors estimated too small. Products therefore grow in stages of half as many again, looks are few, and a stage ends the work only if its standard error is within
/// the target with one standard deviation of its own to spare, that is times 1 + 1/√(2 (samples − 1)).</para>
/// </summary>
public static class TraceEstimator
{
    private const int FewestApplications = 12;

    // Enough for a standard error that is itself good to a quarter or so with every method.
    private const int FirstStage = 24;

    /// <summary>
    /// Estimates the trace by Hutchinson's method with a given number of samples; computes it exactly where that takes no more products, with one product for a diagonal operator, with n for one of dimension n ≤ <paramref name="samples"/>.
    /// </summary>
    /// <param name="operand">A, n × n.</param>
    /// <param name="samples">Number of products allowed, ≥ 2.</param>
    /// <param name="random">Source of the signs; consumed.</param>
    /// <returns>The mean with its standard error, or the exact value.</returns>
    /// <exception cref="ArgumentException">A is not square, or fewer than 2 samples are asked for.</exception>
    /// <exception cref="LinearAlgebraException">A product held a NaN or an infinity.</exception>
    public static Estimate Estimate(LinearOperator operand, int samples, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(operand);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, SampledProducts.FewestSamples);
        if (operand.Rows != operand.Columns)
            throw new ArgumentException($"expected a square operator, got {operand.Rows} × {operand.Columns}", nameof(operand));
        bool diagonal = operand.Structure.HasFlag(OperatorStructure.Diagonal);
        bool exact = diagonal || SampledProducts.IsExact(operand, samples);
        double sum = 0;
        SampleMean mean = new();
        SampledProducts.ForEach(operand, diagonal ? Math.Min(1, operand.Rows) : samples, random, (x, product) =>
        {
            double value = Primitives.Dot(x, product);
            if (!double.IsFinite(value))
                throw new LinearAlgebraException("a product with the operator overflows when it is summed; scale the operator");
            sum += value;
            mean.Add(value);
        });
        return exact ? Estimators.Estimate.Exact(sum) : mean.ToEstimate();
    }

    /// <summary>
    /// Estimates the trace to a target or to the end of a budget. A diagonal operator takes one product; one of dimension n is summed exactly, by n more products, as soon as a stage would take as many, if the budget allows;
    /// an operator whose range the sketch exhausts is exact, too (to rounding, 10⁻¹³ ‖A‖ for every dimension left out).
    /// </summary>
    /// <param name="operand">A, n × n; need not be symmetric.</param>
    /// <param name="options">Method, targets and budget.</param>
    /// <param name="compute">Where the arithmetic runs.</param>
    /// <param name="random">Source of the test vectors; consumed.</param>
    /// <param name="cancellation">Looked at between products.</param>
    /// <returns>The estimate, and whether it met its target.</returns>
    /// <exception cref="ArgumentException">A is not square, or an option is out of range.</exception>
    /// <exception cref="LinearAlgebraException">A product held a NaN or an infinity.</exception>
    /// <exception cref="OperationCanceledException">The estimate was cancelled.</exception>
    public static TraceResult Estimate(LinearOperator operand, TraceOptions options, Compute compute, RandomStream random, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(operand);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(compute);
        ArgumentNullException.ThrowIfNull(random);
        if (operand.Rows != operand.Columns)
            throw new ArgumentException($"expected a square operator, got {operand.Rows} × {operand.Columns}", nameof(operand));
        Check(options);
        bool diagonal = operand.Structure.HasFlag(OperatorStructure.Diagonal);
        if (diagonal || operand.Rows <= Math.Min(FirstStage, options.MaxApplications))
            return Verdict(Estimate(operand, Math.Max(SampledProducts.FewestSamples, operand.Rows), random), options, diagonal && operand.Rows > 0 ? 1 : operand.Rows);
        TraceProducts products = new(operand, options.BlockSize, cancellation);
        ITraceSampler sampler = options.Method switch
        {
            TraceMethod.Hutchinson => new HutchinsonSampler(products, random),
            TraceMethod.HutchPlusPlus => new HutchPlusPlusSampler(products, compute, random),
            _ => new XTraceSampler(products, compute, random),
        };
        for (int total = Math.Min(FirstStage, options.MaxApplications); ; total = Math.Min(options.MaxApplications, total + (total / 2)))
        {
            if (total >= operand.Rows && products.Count + operand.Rows <= options.MaxApplications)
                return Verdict(Estimate(operand, operand.Rows, random), options, products.Count + operand.Rows);
            Estimate scaled = sampler.Grow(total);
            Estimate trace = scaled with { Mean = scaled.Mean * products.Scale, StandardError = scaled.StandardError * products.Scale };
            if (total >= options.MaxApplications || IsSafelyWithin(trace, options))
                return Verdict(trace, options, products.Count);
        }
    }

    private static double Target(Estimate trace, TraceOptions options) =>
        Math.Max(options.AbsoluteTarget, options.RelativeTarget * Math.Abs(trace.Mean));

    private static bool IsSafelyWithin(Estimate trace, TraceOptions options) =>
        trace.Samples == 0 || trace.StandardError * (1.0 + (1.0 / Math.Sqrt(2.0 * (trace.Samples - 1)))) <= Target(trace, options);

    private static TraceResult Verdict(Estimate trace, TraceOptions options, int products)
    {
        double target = Target(trace, options);
        bool met = trace.Samples == 0 || trace.StandardError <= target;
        string message = trace.Samples == 0
            ? string.Create(CultureInfo.InvariantCulture, $"The trace was computed exactly, with {products} products.")
            : met
                ? string.Create(CultureInfo.InvariantCulture, $"The standard error {trace.StandardError:G3} is within the target of {target:G3} after {products} products.")
                : string.Create(CultureInfo.InvariantCulture, $"The budget of {options.MaxApplications} products ended at a standard error of {trace.StandardError:G3}, above the target of {target:G3}; allow more products or ask for less.");
        return new TraceResult(trace, options.Method, products, target, met, message);
    }

    private static void Check(TraceOptions options)
    {
        List<string> faults = [];
        Require(Enum.IsDefined(options.Method), $"Method must be one of {string.Join(", ", Enum.GetNames<TraceMethod>())}, got {(int)options.Method}");
        Require(options.RelativeTarget is >= 0 and < double.PositiveInfinity, $"RelativeTarget must be ≥ 0, got {options.RelativeTarget}");
        Require(options.AbsoluteTarget is >= 0 and < double.PositiveInfinity, $"AbsoluteTarget must be ≥ 0, got {options.AbsoluteTarget}");
        Require(options.MaxApplications >= FewestApplications, $"MaxApplications must be ≥ {FewestApplications}, got {options.MaxApplications}");
        Require(options.BlockSize >= 1, $"BlockSize must be ≥ 1, got {options.BlockSize}");
        if (faults.Count > 0)
            throw new ArgumentException(string.Join("; ", faults), nameof(options));

        void Require(bool holds, FormattableString fault)
        {
            if (!holds)
                faults.Add(FormattableString.Invariant(fault));
        }
    }
}
