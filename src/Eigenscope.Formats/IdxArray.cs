namespace Eigenscope.Formats;

/// <summary>An array from an IDX file. Every IDX element type fits into a double exactly.</summary>
/// <param name="Shape">Extent of every axis as read, items first; at least one axis.</param>
/// <param name="ElementType">Element type in the file.</param>
/// <param name="Values">Row-major values.</param>
/// <param name="StoredItems">Number of items in the file, read or not.</param>
public sealed record IdxArray(int[] Shape, IdxElementType ElementType, double[] Values, int StoredItems);
