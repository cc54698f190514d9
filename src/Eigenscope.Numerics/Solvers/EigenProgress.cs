namespace Eigenscope.Numerics.Solvers;

/// <summary>How far an eigenvalue solve has come.</summary>
/// <param name="Applications">Operator applications so far.</param>
/// <param name="MaxApplications">The budget; a solve usually ends well before.</param>
/// <param name="Converged">Wanted pairs within the tolerance.</param>
/// <param name="Wanted">Pairs asked for, both ends together.</param>
public sealed record EigenProgress(int Applications, int MaxApplications, int Converged, int Wanted);
