namespace Eigenscope.Learning.Data;

/// <summary>What a source holds.</summary>
/// <param name="Train">Training samples.</param>
/// <param name="Test">Test samples, or null.</param>
/// <param name="IsChosen">Whether the training samples are already those that the options leave.</param>
internal sealed record LoadedData(Dataset Train, Dataset? Test, bool IsChosen = false);
