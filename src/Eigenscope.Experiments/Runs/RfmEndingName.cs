using Eigenscope.Learning.Kernels;

namespace Eigenscope.Experiments.Runs;

/// <summary>The words for the ways in which a recursive feature machine ends, as every command writes them.</summary>
internal static class RfmEndingName
{
    public const string NotPositiveDefinite = "not-positive-definite";

    public static string Of(RfmEnding ending) => ending switch
    {
        RfmEnding.Finished => "finished",
        RfmEnding.StoppedEarly => "stopped-early",
        RfmEnding.ZeroGradient => "zero-gradient",
        RfmEnding.NotPositiveDefinite => NotPositiveDefinite,
        _ => "interrupted",
    };
}
