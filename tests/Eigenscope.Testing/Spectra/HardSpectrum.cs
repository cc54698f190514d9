namespace Eigenscope.Testing.Spectra;

/// <summary>A spectrum known in advance that eigensolvers get wrong.</summary>
/// <param name="Name">What makes it hard.</param>
/// <param name="Eigenvalues">All eigenvalues, descending.</param>
/// <param name="Top">Number of largest pairs to ask for.</param>
public sealed record HardSpectrum(string Name, IReadOnlyList<double> Eigenvalues, int Top)
{
    /// <summary>Dimension.</summary>
    public int Dimension => Eigenvalues.Count;

    /// <summary>The operator Q diag(λ) Qᵀ.</summary>
    /// <param name="seed">Seed of Q.</param>
    /// <returns>A new operator.</returns>
    public PrescribedSpectrumOperator Operator(ulong seed = 1) => new([.. Eigenvalues], seed, Dimension == 1 ? 0 : 4);

    /// <summary>The same spectrum times a factor ≥ 0.</summary>
    /// <param name="factor">The factor.</param>
    /// <returns>A new spectrum.</returns>
    public HardSpectrum Scaled(double factor) =>
        new($"{Name} scaled by {factor:G1}", [.. Eigenvalues.Select(value => value * factor)], Top);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
