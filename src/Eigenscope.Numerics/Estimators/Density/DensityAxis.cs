namespace Eigenscope.Numerics.Estimators.Density;

/// <summary>The map between an eigenvalue and the coordinate it is drawn in.</summary>
/// <param name="Scale">Which map.</param>
/// <param name="Threshold">τ of the symmetric logarithm; not used on a linear scale.</param>
internal sealed record DensityAxis(DensityScale Scale, double Threshold)
{
    private static readonly double DecadesPerUnit = 1.0 / Math.Log(10.0);

    public double Coordinate(double value) => Scale == DensityScale.Linear ? value : Math.Asinh(value / Threshold / 2.0) * DecadesPerUnit;

    public double Value(double coordinate) => Scale == DensityScale.Linear ? coordinate : 2.0 * Threshold * Math.Sinh(coordinate / DecadesPerUnit);
}
