using Eigenscope.Learning.Derivatives;
using Eigenscope.Numerics.Operators;

namespace Eigenscope.Analysis.Spectra;

/// <summary>The parts of a Gauss–Newton matrix as operators; see <see cref="PapyanSplit"/> for what they are.</summary>
public static class GaussNewtonParts
{
    /// <summary>One part, known by its products: a pass up and a pass down through the network, in memory that does not grow with N beyond N · o numbers.</summary>
    /// <param name="linearization">The network and its samples at fixed parameters; must not be disposed while the operator is in use.</param>
    /// <param name="scope">Scope of the parameters, as of <see cref="Linearization.GaussNewton"/>.</param>
    /// <param name="labels">N class indices in 0 … K − 1; every class has a sample.</param>
    /// <param name="classes">K ≥ 2.</param>
    /// <param name="part">Which part.</param>
    /// <returns>A symmetric, positive semidefinite operator on vectors of the scope's length; the three sum to the Gauss–Newton matrix.</returns>
    /// <exception cref="ArgumentException">Labels that do not fit the samples, a class without samples or weight, an unknown part, or no such scope.</exception>
    public static LinearOperator Operator(Linearization linearization, string scope, ReadOnlySpan<int> labels, int classes, GaussNewtonPart part)
    {
        ArgumentNullException.ThrowIfNull(linearization);
        if (!Enum.IsDefined(part))
            throw new ArgumentOutOfRangeException(nameof(part), part, "expected WithinClass, CrossClass or Class");
        LogitFactors factors = new(linearization);
        return new GaussNewtonPartOperator(linearization.Jacobian(scope), factors, new ClassLogits(factors, labels, classes), part);
    }
}
