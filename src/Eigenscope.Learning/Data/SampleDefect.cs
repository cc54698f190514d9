namespace Eigenscope.Learning.Data;

/// <summary>Why what a source delivered cannot be used.</summary>
internal sealed record SampleDefect(SampleDefectKind Kind, string Problem, Exception? InnerException = null);

/// <summary>The kinds of defect, from a source that does not answer to numbers that are none.</summary>
internal enum SampleDefectKind
{
    Failed,
    TooFew,
    LabelOutOfRange,
    NonFinite,
}
