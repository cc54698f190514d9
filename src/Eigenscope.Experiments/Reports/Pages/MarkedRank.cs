namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>A rank at which theory expects something to end, as K² outliers.</summary>
/// <param name="Rank">The rank, from 1: the mark stands behind it.</param>
/// <param name="Label">Its name: "K²".</param>
public sealed record MarkedRank(int Rank, string Label);
