namespace Eigenscope.Experiments.Doctor;

/// <summary>The result of <c>doctor</c>.</summary>
/// <param name="Checks">What was looked at, in order.</param>
public sealed record DoctorResult(IReadOnlyList<DoctorCheck> Checks);

/// <summary>One check.</summary>
/// <param name="Name">What was looked at.</param>
/// <param name="Ok">Whether it is as it should be.</param>
/// <param name="Detail">What was found, and where it is not as it should be, what to do.</param>
public sealed record DoctorCheck(string Name, bool Ok, string Detail);
