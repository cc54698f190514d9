using System.Globalization;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Solvers;

/// <summary>Turns the end of an iteration into <see cref="EigenPairs"/>.</summary>
internal sealed class LanczosOutcome(LanczosPlan plan, BlockLanczosFactorization factorization, TrueResiduals residuals, ConvergenceStatus status, bool searched)
{
    public EigenPairs ToEigenPairs(EigenOptions options)
    {
        int[] ascending = [.. Enumerable.Range(0, residuals.Values.Length).OrderBy(i => residuals.Values[i])];
        int[] top = [.. ascending.Reverse().Take(plan.Top)];
        int[] bottom = [.. ascending.Take(plan.Bottom)];
        double[] values = Array.ConvertAll(top, Value);
        double worst = top.Concat(bottom).Select(residuals.Relative).DefaultIfEmpty(double.NaN).Max();
        double tolerance = EigenPairsBuilder.MultiplicityTolerance(residuals.Reference * factorization.Scale, worst);
        return new EigenPairs
        {
            Dimension = factorization.Dimension,
            Values = values,
            Residuals = Array.ConvertAll(top, residuals.Relative),
            Vectors = options.KeepVectors ? Vectors(top) : null,
            Smallest = Array.ConvertAll(bottom, Value),
            SmallestResiduals = Array.ConvertAll(bottom, residuals.Relative),
            SmallestVectors = options.KeepVectors && options.Bottom > 0 ? Vectors(bottom) : null,
            Multiplicities = EigenPairsBuilder.Group(values, tolerance),
            MultiplicityTolerance = tolerance,
            IsComplete = values.Length == factorization.Dimension,
            Method = SymmetricEigensolver.IterativeMethod,
            Convergence = Verdict(options, top.Length + bottom.Length, worst),
        };
    }

    private double Value(int index) => residuals.Values[index] * factorization.Scale;

    private Tensor<double> Vectors(int[] indices)
    {
        Tensor<double> vectors = new(indices.Length, factorization.Dimension);
        for (int i = 0; i < indices.Length; i++)
            factorization.Basis.Row(indices[i]).CopyTo(vectors.Row(i));
        return vectors;
    }

    private Convergence Verdict(EigenOptions options, int found, double worst)
    {
        bool fewer = options.Top > factorization.Dimension || options.Bottom > factorization.Dimension;
        ConvergenceStatus final = status == ConvergenceStatus.Converged && fewer ? ConvergenceStatus.InvariantSubspace : status;
        string text = Message(final, found, worst);
        if (!residuals.IsMeasured && found > 0)
            text += " The residuals come from the recurrence, not from fresh products.";
        return new Convergence(final, factorization.Applications, plan.Tolerance, worst, text);
    }

    private string Message(ConvergenceStatus final, int found, double worst) => final switch
    {
        ConvergenceStatus.Converged => string.Create(CultureInfo.InvariantCulture, $"All {found} pairs reached the tolerance after {factorization.Applications} products, and a search from fresh random vectors found none that was missed."),
        ConvergenceStatus.InvariantSubspace => string.Create(CultureInfo.InvariantCulture, $"The basis spans the whole space: all {factorization.Dimension} eigenvalues were found, and more do not exist."),
        ConvergenceStatus.NonFinite => "A product with the operator held a NaN or an infinity; check its data and parameters. What was found before is reported.",
        ConvergenceStatus.Interrupted => string.Create(CultureInfo.InvariantCulture, $"The solve was cancelled after {factorization.Applications} products; what was there is reported with its residuals."),
        _ when worst <= plan.Tolerance && found == plan.Wanted && !searched => string.Create(CultureInfo.InvariantCulture, $"All {found} pairs reached the tolerance, but the budget of {plan.MaxApplications} products ended before the search for missed eigenvalues did; allow more."),
        _ when factorization.Applications + plan.Wanted < plan.MaxApplications => string.Create(CultureInfo.InvariantCulture, $"The true residuals stay at {worst:G3}, above the tolerance of {plan.Tolerance:G3}: the operator's own rounding decides them; ask for a larger tolerance or compute it in double precision."),
        _ => string.Create(CultureInfo.InvariantCulture, $"The budget of {plan.MaxApplications} products ended with a largest residual of {worst:G3}, above the tolerance of {plan.Tolerance:G3}; allow more products, or ask for fewer pairs or a larger tolerance."),
    };
}
