using Eigenscope.Analysis;
using Eigenscope.Analysis.Spectra;

namespace Eigenscope.Experiments.Reports;

/// <summary>A layer's Gauss–Newton matrix as the sum of three positive semidefinite parts (Papyan, JMLR 21, 2020).</summary>
/// <param name="Trace">Trace of the whole.</param>
/// <param name="WithinClass">Of the deviations of single samples from the mean of their class and logit.</param>
/// <param name="CrossClass">Of the deviations of those means from the mean over logits.</param>
/// <param name="Class">Of the means over logits.</param>
/// <param name="ClassCrossCosine">tr(A B) / (‖A‖_F ‖B‖_F) of the last two: 0 where their images are orthogonal.</param>
public sealed record PapyanReport(Number Trace, PapyanPartReport WithinClass, PapyanPartReport CrossClass, PapyanPartReport Class, Number ClassCrossCosine)
{
    /// <summary>Writes a split as a report.</summary>
    /// <param name="split">The split.</param>
    /// <returns>The report.</returns>
    internal static PapyanReport Of(PapyanSplit split) =>
        new(split.Trace, Part(split.WithinClass), Part(split.CrossClass), Part(split.Class), split.ClassCrossCosine);

    private static PapyanPartReport Part(PapyanPart part) => new(part.Rank, part.Trace, part.Rank.IsDefined ? part.Eigenvalues : null);
}
