namespace Eigenscope.Learning.Data;

/// <summary>What a source holds, before options are applied to it.</summary>
internal sealed record LoadedData(Dataset Train, Dataset? Test);
