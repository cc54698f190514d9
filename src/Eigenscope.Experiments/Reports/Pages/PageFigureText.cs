namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>What every figure says, apart from its numbers.</summary>
internal sealed record PageFigureText(string Id, string Title, string Sentence, string Formula);
