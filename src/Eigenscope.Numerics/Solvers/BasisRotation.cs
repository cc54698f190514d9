using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Solvers;

/// <summary>Replaces a few long vectors by fewer combinations of them, in place: panel by panel, the panels split over threads.</summary>
internal sealed unsafe class BasisRotation(Compute compute)
{
    private const int PanelColumns = 512;
    private const long SmallestParallel = 1 << 20;
    private double[] _panels = [];

    /// <summary>The first rows of <paramref name="basis"/> become weights · basis; the others are left with what they had.</summary>
    public void Run(ReadOnlyMatrixSpan<double> weights, MatrixSpan<double> basis)
    {
        int columns = basis.Columns, kept = weights.Rows, length = weights.Data.Length;
        int parts = (long)kept * basis.Rows * columns < SmallestParallel ? 1 : compute.Threads;
        int width = Math.Min(PanelColumns, columns), size = kept * width;
        if (_panels.Length < parts * size)
            _panels = new double[parts * size];
        fixed (double* factors = weights.Data, vectors = basis.Data, scratch = _panels)
        {
            (nint y, nint v, nint panels) = ((nint)factors, (nint)vectors, (nint)scratch);
            (int rows, int stride, int weightStride, int extent) = (basis.Rows, basis.Stride, weights.Stride, basis.Data.Length);
            compute.ForEachPart(parts, part => Rotate(
                new ReadOnlyMatrixSpan<double>(new ReadOnlySpan<double>((double*)y, length), kept, rows, weightStride),
                new MatrixSpan<double>(new Span<double>((double*)v, extent), rows, columns, stride),
                new Span<double>((double*)panels + ((long)part * size), size),
                Compute.PartRange(columns, part, parts)));
        }
    }

    private void Rotate(ReadOnlyMatrixSpan<double> weights, MatrixSpan<double> basis, Span<double> panel, (int Start, int Count) range)
    {
        for (int done = 0; done < range.Count; done += PanelColumns)
        {
            int start = range.Start + done, count = Math.Min(PanelColumns, range.Count - done);
            MatrixSpan<double> rotated = new(panel, weights.Rows, count);
            compute.Blas.Multiply(1.0, weights, MatrixOp.None, basis.ColumnRange(start, count), MatrixOp.None, 0.0, rotated);
            ReadOnlyMatrixSpan<double> source = rotated;
            source.CopyTo(basis.RowRange(0, weights.Rows).ColumnRange(start, count));
        }
    }
}
