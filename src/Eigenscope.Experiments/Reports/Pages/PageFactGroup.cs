namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>Facts that belong together.</summary>
/// <param name="Title">What they are about: "Data".</param>
/// <param name="Facts">Label and value, as text.</param>
public sealed record PageFactGroup(string Title, IReadOnlyList<PageFact> Facts);

/// <summary>One fact.</summary>
/// <param name="Label">What it is: "samples".</param>
/// <param name="Value">Its value as text, possibly from the user: any characters.</param>
public sealed record PageFact(string Label, string Value);
