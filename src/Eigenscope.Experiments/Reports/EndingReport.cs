using System.Text.Json.Serialization;

namespace Eigenscope.Experiments.Reports;

/// <summary>How often independent starts of the same scale ended in a solution.</summary>
/// <param name="Name">The solution's name; "other" where the point has the structure of none, or is not stationary, "diverged" where the objective became infinite.</param>
/// <param name="Count">Number of starts that ended in it.</param>
/// <param name="Share">The same over the number of starts.</param>
/// <param name="StandardError">Half the length of Wilson's 68.3 % interval of the share.</param>
/// <param name="Low">Lower end of Wilson's 95 % interval.</param>
/// <param name="High">Its upper end.</param>
/// <param name="LowestLoss">Lowest objective among them; null, and not written, for starts that diverged.</param>
public sealed record EndingReport(
    string Name,
    int Count,
    double Share,
    double StandardError,
    double Low,
    double High,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? LowestLoss);
