namespace Eigenscope.Experiments.Reports;

/// <summary>Operators as sentences name them.</summary>
internal static class OperatorTitles
{
    /// <summary>"Gauss–Newton matrix" of "gauss-newton".</summary>
    /// <param name="name">An operator as JSON names it; another name stays as it is.</param>
    public static string Of(string name) => name switch
    {
        "hessian" => "Hessian",
        "gauss-newton" => "Gauss–Newton matrix",
        "fisher" => "Fisher matrix",
        "empirical-fisher" => "empirical Fisher matrix",
        "gradient-covariance" => "gradient covariance",
        _ => name,
    };
}
