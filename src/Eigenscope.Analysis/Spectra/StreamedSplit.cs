using System.Globalization;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Estimators;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Analysis.Spectra;

/// <summary>The split where the Gram matrix of all gradients would be too large: memory grows with K o times the scope's length and with N o, never with their product.</summary>
internal sealed class StreamedSplit(Linearization linearization, string scope, LogitFactors factors, ClassLogits classes, PapyanOptions options, Compute compute, RandomStream random, CancellationToken cancellation)
{
    // A rank's cut at 1e-10 of the largest eigenvalue does not ask for its digits.
    private const double LargestTolerance = 1e-2;
    private const int PowerSteps = 3;

    // Below what solvers take for symmetric.
    private const double Asymmetry = 1e-5;
    private const string RoundingOnly = "the part is nothing but rounding of the whole in this precision";
    private const string Interrupted = "the run was interrupted before it";
    private readonly LinearOperator _jacobian = linearization.Jacobian(scope);

    public PapyanSplit Measure()
    {
        double largest = Largest();
        long bytes = ClassLogitGradients.Bytes(classes.Classes, factors.Logits, _jacobian.Columns);
        bool fits = bytes <= options.MeansBudget && bytes / sizeof(double) <= Array.MaxLength;
        (PapyanPart own, PapyanPart cross, Number cosine) = fits ? FromMeans(largest) : FromProducts(largest);
        double? whole = ExactTrace();
        PapyanPart within = Part(GaussNewtonPart.WithinClass, largest, whole is { } trace ? Remainder(trace, own, cross) : null);
        double error = Math.Sqrt((own.TraceStandardError * own.TraceStandardError) + (cross.TraceStandardError * cross.TraceStandardError) + (within.TraceStandardError * within.TraceStandardError));
        return new PapyanSplit
        {
            Trace = whole is { } exact ? Number.Of(exact) : Sum(own.Trace, cross.Trace, within.Trace),
            TraceStandardError = whole is null ? error : 0.0,
            WithinClass = within,
            CrossClass = cross,
            Class = own,
            ClassCrossCosine = cosine,
            IsExact = false,
        };
    }

    private double? ExactTrace()
    {
        if (cancellation.IsCancellationRequested)
            return null;
        if (DenseScope.Of(linearization, scope) is { } dense)
            return dense.Trace(factors);
        GradientRows rows = new(linearization, scope, factors, compute);
        return rows.Entries <= options.ExactTraceEntries ? rows.Trace() : null;
    }

    private static Estimate? Remainder(double whole, PapyanPart own, PapyanPart cross) =>
        own.Trace.Value is { } a && cross.Trace.Value is { } b && own.TraceStandardError == 0.0 && cross.TraceStandardError == 0.0 ? Estimate.Exact(Math.Max(0.0, whole - a - b)) : null;

    private static Number Sum(params ReadOnlySpan<Number> terms)
    {
        double sum = 0.0;
        foreach (Number term in terms)
        {
            if (term.Value is not { } value)
                return term;
            sum += value;
        }
        return Number.Of(sum);
    }

    private double Largest()
    {
        EigenOptions one = new() { Top = 1, Tolerance = LargestTolerance, KeepVectors = false };
        EigenPairs pairs = SymmetricEigensolver.Solve(linearization.GaussNewton(scope), one, compute, random.Split("largest"), null, cancellation);
        return pairs.Values.Count > 0 ? Math.Max(0.0, pairs.Values[0]) : 0.0;
    }

    private (PapyanPart Class, PapyanPart Cross, Number Cosine) FromMeans(double largest)
    {
        Tensor<double> means = ClassLogitGradients.Measure(linearization, scope, factors, classes, cancellation);
        if (cancellation.IsCancellationRequested)
            return (Missing(), Missing(), Number.Undefined(Interrupted));
        Tensor<double> gram = MeanGram.Product(means, MatrixOp.None, means, MatrixOp.Transpose, compute);
        return new MeanGram(gram, classes, factors.Logits, compute).Parts(largest);
    }

    private (PapyanPart Class, PapyanPart Cross, Number Cosine) FromProducts(double largest)
    {
        string reason = string.Create(CultureInfo.InvariantCulture, $"the {classes.Classes * factors.Logits} mean gradients of {_jacobian.Columns} parameters exceed the budget of {options.MeansBudget >> 20} MiB; choose a smaller scope or raise it");
        return (Part(GaussNewtonPart.Class, largest, null), Part(GaussNewtonPart.CrossClass, largest, null), Number.Undefined(reason));
    }

    private PapyanPart Part(GaussNewtonPart part, double largest, Estimate? trace)
    {
        if (cancellation.IsCancellationRequested)
            return Missing();
        GaussNewtonPartOperator operand = new(_jacobian, factors, classes, part);
        if (RoundingSize(operand, random.Split($"{part} size")) is { } size)
            return Rounding(size, largest, trace);
        EigenOptions wanted = new() { Top = options.Pairs, Tolerance = options.Tolerance, KeepVectors = false };
        EigenPairs pairs = SymmetricEigensolver.Solve(operand, wanted, compute, random.Split($"{part}"), null, cancellation);
        string? reason = pairs.Convergence.Status == ConvergenceStatus.NonFinite ? pairs.Convergence.Message : cancellation.IsCancellationRequested ? Interrupted : null;
        if (reason is null)
            trace ??= pairs.IsComplete ? Estimate.Exact(pairs.Values.Sum()) : TraceEstimator.Estimate(operand, options.TraceProbes, random.Split($"{part} trace"));
        return new PapyanPart
        {
            Rank = reason is null ? Rank(pairs, largest) : Number.Undefined(reason),
            Trace = trace is null ? Number.Undefined(reason!) : Number.Of(trace.Mean),
            TraceStandardError = trace?.StandardError ?? 0.0,
            Eigenvalues = [.. pairs.Values.Take(factors.Logits * classes.Classes).Select(static value => Math.Max(0.0, value))],
            Convergence = pairs.Convergence,
        };
    }

    /// <summary>
    /// The size of a part that is nothing but rounding of the whole, as where features have collapsed to the precision of the arithmetic; else null. Rounding is not symmetric: with r random and y where a few power
    /// steps lead, rᵀWy and yᵀWr differ by as much as W has of it.
    /// </summary>
    private static double? RoundingSize(GaussNewtonPartOperator operand, RandomStream random)
    {
        double[] r = new double[operand.Columns], image = new double[r.Length], y = new double[r.Length], next = new double[r.Length];
        random.FillNormal(r);
        operand.Apply(r, image);
        image.CopyTo(next, 0);
        double size = 0.0;
        for (int step = 0; step < PowerSteps; step++)
        {
            size = Math.Sqrt(TensorPrimitives.SumOfSquares<double>(next));
            if (!(size > 0.0 && double.IsFinite(size)))
                return size == 0.0 ? 0.0 : null;
            TensorPrimitives.Divide(next, size, y);
            operand.Apply(y, next);
        }
        size = Math.Sqrt(TensorPrimitives.SumOfSquares<double>(next));
        double difference = TensorPrimitives.Dot<double>(r, next) - TensorPrimitives.Dot<double>(y, image);
        return Math.Abs(difference) > Asymmetry * size ? size : null;
    }

    private static PapyanPart Rounding(double size, double largest, Estimate? trace) => new()
    {
        Rank = size <= PapyanSplit.RankTolerance * largest ? Number.Of(0.0) : Number.Undefined(RoundingOnly),
        Trace = trace is null ? size == 0.0 ? Number.Of(0.0) : Number.Undefined(RoundingOnly) : Number.Of(trace.Mean),
        Eigenvalues = [],
    };

    private static Number Rank(EigenPairs pairs, double largest)
    {
        int above = pairs.Values.Count(value => value > PapyanSplit.RankTolerance * largest);
        if (pairs.IsComplete || above < pairs.Values.Count)
            return Number.Of(above);
        return Number.Undefined(string.Create(CultureInfo.InvariantCulture, $"at least {above}: only the {above} largest eigenvalues were computed, and all of them count"));
    }

    private static PapyanPart Missing() => new() { Rank = Number.Undefined(Interrupted), Trace = Number.Undefined(Interrupted), Eigenvalues = [] };
}
