namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>A predicted value over the ranks at which theory puts it.</summary>
/// <param name="Value">The value; on a logarithmic axis its magnitude.</param>
/// <param name="FirstRank">First of its ranks, from 1.</param>
/// <param name="LastRank">Last of its ranks that lies on the axis.</param>
/// <param name="Label">Its multiplicity, as "×9"; empty where it goes without saying.</param>
/// <param name="IsNegative">Whether the value is negative; its magnitude is what is drawn then.</param>
public sealed record PredictedLevel(double Value, int FirstRank, int LastRank, string Label, bool IsNegative = false);
