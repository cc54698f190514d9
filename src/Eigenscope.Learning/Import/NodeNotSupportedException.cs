namespace Eigenscope.Learning.Import;

/// <summary>One node cannot be imported. Collected, so that all of them are told at once.</summary>
internal sealed class NodeNotSupportedException(string why) : Exception(why);
