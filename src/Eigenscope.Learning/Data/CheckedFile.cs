namespace Eigenscope.Learning.Data;

/// <summary>A file of a data set that was checked.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">Its length; null when it is not there.</param>
/// <param name="State">What was found.</param>
/// <param name="Detail">What was compared, in one line.</param>
public sealed record CheckedFile(string Name, long? Bytes, FileState State, string Detail);
