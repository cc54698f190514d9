using System.Numerics;
using System.Runtime.InteropServices;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Blas.Managed;

/// <summary>Copies a block of an operand into panels: for each group of <c>width</c> lines, depth after depth, the group's entries side by side; missing lines are zero.</summary>
internal static unsafe class GemmPacking
{
    /// <summary>Copies one block.</summary>
    /// <param name="matrix">The operand as stored.</param>
    /// <param name="linesAreRows">Whether a line (a row of op(A), a column of op(B)) is a stored row.</param>
    /// <param name="firstLine">First line of the block.</param>
    /// <param name="lines">Number of lines.</param>
    /// <param name="firstDepth">First index along the inner dimension.</param>
    /// <param name="depth">Length along the inner dimension.</param>
    /// <param name="width">Lines of a panel.</param>
    /// <param name="packed">At least ⌈lines / width⌉ · width · depth entries.</param>
    public static void Pack<T>(ReadOnlyMatrixSpan<T> matrix, bool linesAreRows, int firstLine, int lines, int firstDepth, int depth, int width, T[] packed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        fixed (T* source = &MemoryMarshal.GetReference(matrix.Data), target = packed)
        {
            nint stride = matrix.Stride;
            for (int line = 0; line < lines; line += width)
            {
                int count = Math.Min(width, lines - line);
                T* panel = target + (line * depth);
                if (linesAreRows)
                    Interleave(source + ((firstLine + line) * stride) + firstDepth, stride, count, depth, width, panel);
                else
                    CopyLines(source + (firstDepth * stride) + firstLine + line, stride, count, depth, width, panel);
            }
        }
    }

    private static void Interleave<T>(T* source, nint stride, int count, int depth, int width, T* panel)
        where T : unmanaged
    {
        for (int line = 0; line < width; line++)
        {
            T* from = source + (line * stride);
            for (int p = 0; p < depth; p++)
                panel[(p * width) + line] = line < count ? from[p] : default;
        }
    }

    private static void CopyLines<T>(T* source, nint stride, int count, int depth, int width, T* panel)
        where T : unmanaged
    {
        for (int p = 0; p < depth; p++, source += stride, panel += width)
        {
            int line = 0;
            for (; line <= count - Vector<T>.Count; line += Vector<T>.Count)
                *(Vector<T>*)(panel + line) = *(Vector<T>*)(source + line);
            for (; line < width; line++)
                panel[line] = line < count ? source[line] : default;
        }
    }
}
