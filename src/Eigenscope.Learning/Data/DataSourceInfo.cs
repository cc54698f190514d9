namespace Eigenscope.Learning.Data;

/// <summary>A data set known by name.</summary>
/// <param name="Name">The name.</param>
/// <param name="Description">What it is, in one line.</param>
/// <param name="Samples">Training samples.</param>
/// <param name="TestSamples">Test samples that come with it.</param>
/// <param name="SampleShape">Shape of one sample.</param>
/// <param name="ClassCount">Number of classes, K.</param>
/// <param name="Location">Where it is: a folder, "embedded" or "synthetic"; null when it is not on this machine.</param>
/// <param name="HowToGet">What to do to have it, when <paramref name="Location"/> is null; otherwise null.</param>
public sealed record DataSourceInfo(
    string Name,
    string Description,
    int Samples,
    int TestSamples,
    IReadOnlyList<int> SampleShape,
    int ClassCount,
    string? Location,
    string? HowToGet);
