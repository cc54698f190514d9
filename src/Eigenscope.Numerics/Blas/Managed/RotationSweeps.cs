using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Blas.Managed;

/// <summary>
/// Sweeps of plane rotations of adjacent rows, kept until they pay for a pass over the matrix: the matrix is then walked in strips of columns narrow enough to stay in the cache
/// while all sweeps go through them.
/// </summary>
internal sealed class RotationSweeps
{
    // Rotations kept per row of the matrix; more sweeps per pass gain nothing once a strip's copy is paid for.
    private const int RotationsPerRow = 48;
    private const int StripVectors = 4;

    private readonly double[] _cosines;
    private readonly double[] _sines;
    private readonly List<(int FirstRotation, int Row)> _sweeps = [];
    private readonly int _capacity;
    private int _count;

    public RotationSweeps(int rows)
    {
        _capacity = RotationsPerRow * rows;
        _cosines = ArrayPool<double>.Shared.Rent(_capacity);
        _sines = ArrayPool<double>.Shared.Rent(_capacity);
    }

    /// <summary>Makes room for a sweep of at most <paramref name="rotations"/>, applying what is kept when needed.</summary>
    public void Reserve(int rotations, MatrixSpan<double> vectors)
    {
        if (_count + rotations > _capacity)
            Flush(vectors);
    }

    /// <summary>Starts a sweep whose first rotation turns the rows <paramref name="row"/> − 1 and <paramref name="row"/>; each next one lies a row higher.</summary>
    public void Begin(int row) => _sweeps.Add((_count, row));

    /// <summary>Adds (z, y) ← (c z − s y, s z + c y) for the sweep's next pair of rows, z above y.</summary>
    public void Add(double cosine, double sine)
    {
        _cosines[_count] = cosine;
        _sines[_count++] = sine;
    }

    /// <summary>Applies everything kept to the rows of a matrix.</summary>
    public void Flush(MatrixSpan<double> vectors)
    {
        int width = StripVectors * Vector<double>.Count;
        double[] buffer = ArrayPool<double>.Shared.Rent(vectors.Rows * width);
        for (int column = 0; column < vectors.Columns; column += width)
        {
            MatrixSpan<double> part = vectors.ColumnRange(column, Math.Min(width, vectors.Columns - column));
            MatrixSpan<double> strip = new(buffer, vectors.Rows, width);
            strip.Clear();
            Copy(part, strip);
            ApplyAll(buffer, width);
            Copy(strip.ColumnRange(0, part.Columns), part);
        }
        ArrayPool<double>.Shared.Return(buffer);
        _sweeps.Clear();
        _count = 0;
    }

    /// <summary>Gives the memory back; the object is not to be used afterwards.</summary>
    public void Release()
    {
        ArrayPool<double>.Shared.Return(_cosines);
        ArrayPool<double>.Shared.Return(_sines);
    }

    private static void Copy(ReadOnlyMatrixSpan<double> from, MatrixSpan<double> to)
    {
        for (int i = 0; i < from.Rows; i++)
            from.Row(i).CopyTo(to.Row(i));
    }

    private void ApplyAll(double[] strip, int width)
    {
        for (int k = 0; k < _sweeps.Count; k++)
        {
            (int first, int row) = _sweeps[k];
            int end = k + 1 < _sweeps.Count ? _sweeps[k + 1].FirstRotation : _count;
            ApplySweep(strip, width, row, _cosines.AsSpan(first, end - first), _sines.AsSpan(first, end - first));
        }
    }

    // The lower row of a rotation is the upper row of the one before: it stays in registers from one to the next.
    private static void ApplySweep(double[] strip, int width, int row, ReadOnlySpan<double> cosines, ReadOnlySpan<double> sines)
    {
        int lanes = Vector<double>.Count;
        ref double y = ref strip[row * width];
        Vector<double> y0 = VectorLoops.At(ref y, 0), y1 = VectorLoops.At(ref y, lanes), y2 = VectorLoops.At(ref y, 2 * lanes), y3 = VectorLoops.At(ref y, 3 * lanes);
        for (int k = 0; k < cosines.Length; k++)
        {
            Vector<double> c = new(cosines[k]), s = new(sines[k]);
            ref double z = ref strip[(row - 1 - k) * width];
            y = ref strip[(row - k) * width];
            (VectorLoops.At(ref y, 0), y0) = Turn(c, s, VectorLoops.At(ref z, 0), y0);
            (VectorLoops.At(ref y, lanes), y1) = Turn(c, s, VectorLoops.At(ref z, lanes), y1);
            (VectorLoops.At(ref y, 2 * lanes), y2) = Turn(c, s, VectorLoops.At(ref z, 2 * lanes), y2);
            (VectorLoops.At(ref y, 3 * lanes), y3) = Turn(c, s, VectorLoops.At(ref z, 3 * lanes), y3);
        }
        ref double last = ref strip[(row - cosines.Length) * width];
        (VectorLoops.At(ref last, 0), VectorLoops.At(ref last, lanes)) = (y0, y1);
        (VectorLoops.At(ref last, 2 * lanes), VectorLoops.At(ref last, 3 * lanes)) = (y2, y3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector<double> Lower, Vector<double> Upper) Turn(Vector<double> c, Vector<double> s, Vector<double> z, Vector<double> y) =>
        (VectorLoops.MultiplyAdd(s, z, c * y), VectorLoops.MultiplyAdd(c, z, -(s * y)));
}
