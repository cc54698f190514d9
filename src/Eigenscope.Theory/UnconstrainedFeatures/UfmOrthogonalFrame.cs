namespace Eigenscope.Theory.UnconstrainedFeatures;

/// <summary>Guards the statements that need orthogonal class means.</summary>
internal static class UfmOrthogonalFrame
{
    /// <summary>Throws unless the class means of the solution are an orthogonal frame.</summary>
    /// <param name="optimum">The solution.</param>
    /// <exception cref="ArgumentNullException">No solution given.</exception>
    /// <exception cref="ArgumentException">They are not.</exception>
    public static void Require(UfmOptimum optimum)
    {
        ArgumentNullException.ThrowIfNull(optimum);
        if (optimum.Setting.IsCentred)
            throw new ArgumentException("The class means are orthogonal for mean squared error without a last bias only; with a bias or cross-entropy they form a simplex. Ask for a setting of the first kind.", nameof(optimum));
        if (!optimum.Exists)
            throw new ArgumentException("The setting has no non-zero solution, so there are no class means: lower its decays below the spinodal.", nameof(optimum));
    }
}
