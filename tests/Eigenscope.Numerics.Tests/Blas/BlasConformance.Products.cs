using System.Numerics;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Tests.Blas;

public abstract partial class BlasConformance
{
    private static readonly int[] ProductSizes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 16, 17, 24, 31, 33, 47, 64, 70];
    private static readonly (double Alpha, double Beta)[] Factors = [(1.0, 0.0), (1.0, 1.0), (-0.5, 2.0), (0.75, 0.0), (0.0, 0.5), (0.0, 0.0)];

    [BackendFact]
    public void Products_match_three_loops_in_double() => CheckProducts<double>(1.0 / (1L << 53));

    [BackendFact]
    public void Products_match_three_loops_in_float() => CheckProducts<float>(1.0 / (1L << 24));

    [BackendFact]
    public void Products_of_nothing_scale_the_result()
    {
        double[] c = [1.0, 2.0, 3.0, double.NaN];
        _blas.Multiply(1.0, new ReadOnlyMatrixSpan<double>([], 1, 0), MatrixOp.None, new ReadOnlyMatrixSpan<double>([], 0, 3), MatrixOp.None, 2.0, new MatrixSpan<double>(c, 1, 3));
        Assert.Equal([2.0, 4.0, 6.0, double.NaN], c);
    }

    [BackendFact]
    public void Products_name_the_argument_of_a_wrong_shape()
    {
        ArgumentException inner = Assert.Throws<ArgumentException>(() => MultiplyShapes(2, 3, 4, 5, 2, 5));
        Assert.Equal("b", inner.ParamName);
        Assert.Contains("2 × 3 by 4 × 5", inner.Message, StringComparison.Ordinal);
        ArgumentException result = Assert.Throws<ArgumentException>(() => MultiplyShapes(2, 3, 3, 5, 5, 2));
        Assert.Equal("c", result.ParamName);
        Assert.Contains("2 × 5 result, got 5 × 2", result.Message, StringComparison.Ordinal);
    }

    private void MultiplyShapes(int rowsA, int columnsA, int rowsB, int columnsB, int rowsC, int columnsC) =>
        _blas.Multiply(1.0, new ReadOnlyMatrixSpan<double>(new double[rowsA * columnsA], rowsA, columnsA), MatrixOp.None, new ReadOnlyMatrixSpan<double>(new double[rowsB * columnsB], rowsB, columnsB), MatrixOp.None, 0.0, new MatrixSpan<double>(new double[rowsC * columnsC], rowsC, columnsC));

    private void CheckProducts<T>(double roundoff)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RandomStream stream = new(11);
        for (int trial = 0; trial < 150; trial++)
        {
            (int m, int n, int k) = (Pick(stream, ProductSizes), Pick(stream, ProductSizes), Pick(stream, ProductSizes));
            CheckProduct<T>(m, n, k, Factors[trial % Factors.Length], stream, roundoff);
        }
        // Past the block sizes that cache blocking uses in each direction.
        CheckProduct<T>(131, 20, 30, (1.0, 0.0), stream, roundoff);
        CheckProduct<T>(9, 1100, 14, (1.0, 1.0), stream, roundoff);
        CheckProduct<T>(14, 19, 1200, (-2.0, 0.5), stream, roundoff);
        CheckProduct<T>(250, 1, 300, (1.0, 1.0), stream, roundoff);
        CheckProduct<T>(1, 250, 300, (1.0, 0.0), stream, roundoff);
    }

    private void CheckProduct<T>(int m, int n, int k, (double Alpha, double Beta) factors, RandomStream stream, double roundoff)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (MatrixOp opA in Enum.GetValues<MatrixOp>())
        {
            foreach (MatrixOp opB in Enum.GetValues<MatrixOp>())
            {
                Padded<T> a = opA == MatrixOp.None ? new(m, k, stream) : new(k, m, stream);
                Padded<T> b = opB == MatrixOp.None ? new(k, n, stream) : new(n, k, stream);
                Padded<T> c = new(m, n, stream);
                Padded<T> before = c.Copy();
                if (factors.Beta == 0.0)
                    c.Fill(T.NaN);
                _blas.Multiply(T.CreateChecked(factors.Alpha), a.View, opA, b.View, opB, T.CreateChecked(factors.Beta), c.View);
                CompareProduct(a, opA, b, opB, before, c, k, factors, roundoff);
                c.AssertPaddingUntouched();
            }
        }
    }

    // Any order of summation errs by at most γ_k |α| |A| |B| (Higham, "Accuracy and Stability", §3.5), the two factors and the final sum add 4 roundings, and the reference as much again.
    private static void CompareProduct<T>(Padded<T> a, MatrixOp opA, Padded<T> b, MatrixOp opB, Padded<T> before, Padded<T> after, int k, (double Alpha, double Beta) factors, double roundoff)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < after.View.Rows; i++)
        {
            for (int j = 0; j < after.View.Columns; j++)
            {
                double sum = 0.0, magnitude = 0.0;
                for (int p = 0; p < k; p++)
                {
                    double term = (opA == MatrixOp.None ? a[i, p] : a[p, i]) * (opB == MatrixOp.None ? b[p, j] : b[j, p]);
                    sum += term;
                    magnitude += Math.Abs(term);
                }
                double old = factors.Beta * before[i, j];
                double bound = 2.0 * (k + 4) * roundoff * ((Math.Abs(factors.Alpha) * magnitude) + Math.Abs(old));
                double error = Math.Abs(after[i, j] - ((factors.Alpha * sum) + old));
                Assert.True(error <= bound, $"entry ({i}, {j}) of {after.View.Rows} × {k} × {after.View.Columns}, {opA} {opB}: error {error:E2}, bound {bound:E2}");
            }
        }
    }

    private static int Pick(RandomStream stream, int[] values) => values[stream.NextInt32(values.Length)];

    /// <summary>A view with an offset and a stride into storage whose other entries are marked.</summary>
    private sealed class Padded<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private const int Offset = 3;
        private const int Padding = 5;
        private static readonly T Mark = T.CreateChecked(12345.0);
        private readonly T[] _storage;
        private readonly int _rows;
        private readonly int _columns;

        public Padded(int rows, int columns, RandomStream stream)
        {
            (_rows, _columns) = (rows, columns);
            _storage = new T[Offset + (rows * (columns + Padding)) + Padding];
            _storage.AsSpan().Fill(Mark);
            for (int i = 0; i < rows; i++)
            {
                foreach (ref T entry in View.Row(i))
                    entry = T.CreateChecked(stream.NextNormal());
            }
        }

        private Padded(Padded<T> other)
        {
            (_rows, _columns) = (other._rows, other._columns);
            _storage = [.. other._storage];
        }

        public MatrixSpan<T> View => new(_storage.AsSpan(Offset), _rows, _columns, _columns + Padding);

        public double this[int row, int column] => double.CreateChecked(_storage[Offset + (row * (_columns + Padding)) + column]);

        public Padded<T> Copy() => new(this);

        public void Fill(T value)
        {
            for (int i = 0; i < _rows; i++)
                View.Row(i).Fill(value);
        }

        public void AssertPaddingUntouched()
        {
            for (int i = 0; i < _storage.Length; i++)
            {
                (int row, int column) = Math.DivRem(i - Offset, _columns + Padding);
                if (i < Offset || row >= _rows || column >= _columns)
                    Assert.Equal(Mark, _storage[i]);
            }
        }
    }
}
