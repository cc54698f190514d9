using Eigenscope.Analysis;

namespace Eigenscope.Experiments.Reports;

/// <summary>A recursive feature machine on modular arithmetic after t changes of its metric.</summary>
/// <param name="Iteration">t, from 0: the metric is the identity.</param>
/// <param name="TrainLoss">1/(2N) Σ ‖f(x_i) − y_i‖² over the training pairs.</param>
/// <param name="TrainAccuracy">Share of training pairs whose largest output is their class.</param>
/// <param name="TestLoss">The same loss over the other pairs.</param>
/// <param name="TestAccuracy">The same share over the other pairs.</param>
/// <param name="CirculantDeviation">Of the block between first and second residues of M_t, relative to its size, in [0, 1].</param>
/// <param name="CirculantVariance">The same, not divided by the mean square of the entries.</param>
/// <param name="AgopAlignment">Cosine of M_t and the last metric.</param>
public sealed record GrokIterationReport(
    int Iteration,
    double TrainLoss,
    double TrainAccuracy,
    double TestLoss,
    double TestAccuracy,
    Number CirculantDeviation,
    double CirculantVariance,
    Number AgopAlignment);
