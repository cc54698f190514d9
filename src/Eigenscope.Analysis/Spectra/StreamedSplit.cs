using System.Globalization;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Numerics.Estimators;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Analysis.Spectra;

/// <summary>One of <see cref="StreamedSplits"/>.</summary>
internal sealed class StreamedSplit(Linearization linearization, ParameterScope scope, LogitFactors factors, ClassLogits classes, PapyanOptions options, Compute compute, RandomStream random, CancellationToken cancellation)
{
    // A rank's cut at 1e-10 of the largest eigenvalue does not ask for its digits.
    private const double LargestTolerance = 1e-2;
    private const int PowerSteps = 3;

    // Below what solvers take for symmetric.
    private const double Asymmetry = 1e-5;
    private const string RoundingOnly = "the part is nothing but rounding of the whole in this precision";
    private const string Interrupted = "the run was interrupted before it";
    private const string NotIterated = "its eigenvalues were not iterated for";
    private readonly LinearOperator _jacobian = linearization.Jacobian(scope);
    private readonly bool _iterates = options.IteratedScopes is null || options.IteratedScopes.Contains(scope.Name, StringComparer.Ordinal);

    /// <summary>Measures the split.</summary>
    /// <param name="gram">Gram matrix of the mean gradients; null where they do not fit.</param>
    /// <param name="whole">Trace of the whole where it is exact.</param>
    /// <param name="withinClassTrace">Estimates the within-class part's trace where the whole's is not exact; null once cancelled.</param>
    public PapyanSplit Measure(Tensor<double>? gram, double? whole, Func<Estimate?> withinClassTrace)
    {
        double largest = Largest(gram);
        (PapyanPart own, PapyanPart cross, Number cosine) = gram is not null ? new MeanGram(gram, classes, factors.Logits, compute).Parts(largest)
            : cancellation.IsCancellationRequested ? (Missing(), Missing(), Number.Undefined(Interrupted))
            : FromProducts(largest);
        PapyanPart within = WithinClass(largest, whole is { } trace ? Remainder(trace, own, cross) : null, withinClassTrace);
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

    // Where nothing else is iterated for, the largest of the class and cross-class parts together stands for the whole's: a lower bound, at no product.
    private double Largest(Tensor<double>? gram)
    {
        if (!_iterates && gram is not null)
            return PositiveSemidefinite.Eigenvalues(gram.AsMatrix(), compute)[0];
        EigenOptions one = new() { Top = 1, Tolerance = LargestTolerance, KeepVectors = false };
        EigenPairs pairs = SymmetricEigensolver.Solve(linearization.GaussNewton(scope.Name), one, compute, random.Split("largest"), null, cancellation);
        return pairs.Values.Count > 0 ? Math.Max(0.0, pairs.Values[0]) : 0.0;
    }

    private (PapyanPart Class, PapyanPart Cross, Number Cosine) FromProducts(double largest)
    {
        string reason = string.Create(CultureInfo.InvariantCulture, $"the {classes.Classes * factors.Logits} mean gradients of {_jacobian.Columns} parameters exceed the budget of {options.MeansBudget >> 20} MiB; choose a smaller scope or raise it");
        return (Part(GaussNewtonPart.Class, largest, null), Part(GaussNewtonPart.CrossClass, largest, null), Number.Undefined(reason));
    }

    private PapyanPart WithinClass(double largest, Estimate? exact, Func<Estimate?> estimate)
    {
        if (cancellation.IsCancellationRequested)
            return Missing();
        if (_iterates)
            return Part(GaussNewtonPart.WithinClass, largest, exact, estimate);
        if ((exact ?? estimate()) is not { } trace)
            return Missing();
        return new PapyanPart { Rank = Number.Undefined(NotIterated), Trace = Number.Of(trace.Mean), TraceStandardError = trace.StandardError, Eigenvalues = [] };
    }

    private PapyanPart Part(GaussNewtonPart part, double largest, Estimate? trace, Func<Estimate?>? estimate = null)
    {
        if (cancellation.IsCancellationRequested)
            return Missing();
        GaussNewtonPartOperator operand = new(_jacobian, factors, classes, part);
        if (RoundingSize(operand, random.Split($"{part} size")) is { } size)
            return Rounding(size, largest, trace ?? estimate?.Invoke());
        EigenOptions wanted = new() { Top = options.Pairs, Tolerance = options.Tolerance, KeepVectors = false };
        EigenPairs pairs = SymmetricEigensolver.Solve(operand, wanted, compute, random.Split($"{part}"), null, cancellation);
        string? reason = pairs.Convergence.Status == ConvergenceStatus.NonFinite ? pairs.Convergence.Message : cancellation.IsCancellationRequested ? Interrupted : null;
        if (reason is null)
            trace ??= pairs.IsComplete ? Estimate.Exact(pairs.Values.Sum()) : estimate is not null ? estimate() : TraceEstimator.Estimate(operand, options.TraceProbes, random.Split($"{part} trace"));
        return new PapyanPart
        {
            Rank = reason is null ? Rank(pairs, largest) : Number.Undefined(reason),
            Trace = trace is null ? Number.Undefined(reason ?? Interrupted) : Number.Of(trace.Mean),
            TraceStandardError = trace?.StandardError ?? 0.0,
            Eigenvalues = [.. pairs.Values.Take(factors.Logits * classes.Classes).Select(static value => Math.Max(0.0, value))],
            Residuals = [.. pairs.Residuals.Take(factors.Logits * classes.Classes)],
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
