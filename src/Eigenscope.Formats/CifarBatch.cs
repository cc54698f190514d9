namespace Eigenscope.Formats;

/// <summary>One file of CIFAR-10's binary version.</summary>
/// <param name="Name">The file's name without a folder and without <c>.gz</c>: <c>data_batch_1.bin</c>.</param>
/// <param name="Labels">The label byte of each record.</param>
/// <param name="Pixels">The 3072 pixels of each record one after another: the red, the green and the blue plane, each 32×32 and row by row.</param>
public sealed record CifarBatch(string Name, byte[] Labels, byte[] Pixels)
{
    /// <summary>Number of records.</summary>
    public int Count => Labels.Length;
}
