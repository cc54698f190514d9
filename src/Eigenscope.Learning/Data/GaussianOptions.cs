namespace Eigenscope.Learning.Data;

/// <summary>Synthetic Gaussian classes: class means μ_c ~ N(0, s² I), samples x ~ N(μ_c, σ² I).</summary>
public sealed record GaussianOptions
{
    /// <summary>Number of classes K, ≥ 1.</summary>
    public int Classes { get; init; } = 3;

    /// <summary>Samples of each class, ≥ 1.</summary>
    public int PerClass { get; init; } = 40;

    /// <summary>Dimension d of a sample, ≥ 1.</summary>
    public int Dimension { get; init; } = 10;

    /// <summary>Standard deviation s of each coordinate of a class mean, finite and ≥ 0.</summary>
    public double MeanSpread { get; init; } = 1.5;

    /// <summary>Standard deviation σ of each coordinate of a sample about its class mean, finite and ≥ 0.</summary>
    public double Noise { get; init; } = 0.6;

    internal void Validate()
    {
        RequirePositive(Classes, "gaussian classes");
        RequirePositive(PerClass, "gaussian samples per class");
        RequirePositive(Dimension, "gaussian dimension");
        RequireDeviation(MeanSpread, "gaussian mean spread");
        RequireDeviation(Noise, "gaussian noise");
        if ((Int128)Classes * PerClass * Dimension > Array.MaxLength)
            throw new DataException("gaussian", $"expected at most {Array.MaxLength} values in all, got {(Int128)Classes * PerClass * Dimension}");
    }

    private static void RequirePositive(int value, string name)
    {
        if (value < 1)
            throw new DataException(name, FormattableString.Invariant($"expected at least 1, got {value}"));
    }

    private static void RequireDeviation(double value, string name)
    {
        if (!double.IsFinite(value) || value < 0)
            throw new DataException(name, FormattableString.Invariant($"expected a finite number ≥ 0, got {value}"));
    }
}
