using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;
using FsCheck;
using FsCheck.Fluent;

namespace Eigenscope.Numerics.Tests.Execution;

public sealed class ComputeTests
{
    private const double Roundoff = 1.0 / (1L << 53);
    private readonly BlasBackend _blas = BlasBackends.Load(BlasChoice.Auto).Backend;

    [Fact]
    public void Part_ranges_tile_the_items_evenly()
    {
        Gen<(int Items, int Parts)> cases = from items in Gen.Choose(0, 100_000) from parts in Gen.Choose(1, 200) select (items, parts);
        Prop.ForAll(cases.ToArbitrary(), TilesEvenly).QuickCheckThrowOnFailure();
        Assert.True(TilesEvenly((int.MaxValue, 7)));
    }

    [Fact]
    public void Parallel_products_match_three_loops()
    {
        // Above the size at which work is spread, cut by rows and by columns; below it; and with fewer lines than threads.
        foreach ((int m, int n, int k) in new[] { (301, 90, 70), (90, 301, 70), (2, 2, 300_000), (20, 21, 22), (1, 1, 5) })
        {
            foreach (int threads in new[] { 1, 2, 3 })
            {
                foreach (MatrixOp opA in Enum.GetValues<MatrixOp>())
                {
                    foreach (MatrixOp opB in Enum.GetValues<MatrixOp>())
                        CheckProduct(new Compute(_blas, threads), m, n, k, opA, opB);
                }
            }
        }
    }

    [Fact]
    public void Parallel_products_repeat_to_the_bit()
    {
        Compute compute = new(_blas, 3);
        double[] a = Random(200 * 150, 1), b = Random(150 * 120, 2);
        double[] first = new double[200 * 120];
        compute.Multiply(1.0, new ReadOnlyMatrixSpan<double>(a, 200, 150), MatrixOp.None, new ReadOnlyMatrixSpan<double>(b, 150, 120), MatrixOp.None, 0.0, new MatrixSpan<double>(first, 200, 120));
        for (int repeat = 0; repeat < 5; repeat++)
        {
            double[] again = new double[200 * 120];
            compute.Multiply(1.0, new ReadOnlyMatrixSpan<double>(a, 200, 150), MatrixOp.None, new ReadOnlyMatrixSpan<double>(b, 150, 120), MatrixOp.None, 0.0, new MatrixSpan<double>(again, 200, 120));
            Assert.Equal(first, again);
        }
    }

    [Fact]
    public void Every_part_runs_once()
    {
        foreach (int threads in new[] { 1, 2, 5 })
        {
            int[] runs = new int[37];
            new Compute(_blas, threads).ForEachPart(runs.Length, part => Interlocked.Increment(ref runs[part]));
            Assert.All(runs, count => Assert.Equal(1, count));
        }
    }

    [Fact]
    public void Wrong_shapes_and_failures_reach_the_caller_as_they_are()
    {
        Compute compute = new(_blas, 2);
        ArgumentException error = Assert.Throws<ArgumentException>(() => compute.Multiply(
            1.0, new ReadOnlyMatrixSpan<double>(new double[200 * 100], 200, 100), MatrixOp.None, new ReadOnlyMatrixSpan<double>(new double[101 * 100], 101, 100), MatrixOp.None, 0.0, new MatrixSpan<double>(new double[200 * 100], 200, 100)));
        Assert.Equal("b", error.ParamName);
        Assert.Throws<InvalidDataException>(() => compute.ForEachPart(4, part => throw new InvalidDataException($"part {part}")));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Compute(_blas, 0));
    }

    private static bool TilesEvenly((int Items, int Parts) size)
    {
        int next = 0, shortest = int.MaxValue, longest = 0;
        for (int part = 0; part < size.Parts; part++)
        {
            (int start, int count) = Compute.PartRange(size.Items, part, size.Parts);
            if (start != next || count < 0)
                return false;
            next = start + count;
            (shortest, longest) = (Math.Min(shortest, count), Math.Max(longest, count));
        }
        return next == size.Items && longest - shortest <= 1;
    }

    private static void CheckProduct(Compute compute, int m, int n, int k, MatrixOp opA, MatrixOp opB)
    {
        double[] a = Random(m * k, 3), b = Random(k * n, 4), before = Random(m * n, 5), c = [.. before];
        ReadOnlyMatrixSpan<double> viewA = opA == MatrixOp.None ? new(a, m, k) : new(a, k, m);
        ReadOnlyMatrixSpan<double> viewB = opB == MatrixOp.None ? new(b, k, n) : new(b, n, k);
        compute.Multiply(0.5, viewA, opA, viewB, opB, -1.0, new MatrixSpan<double>(c, m, n));
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double sum = 0.0, magnitude = 0.0;
                for (int p = 0; p < k; p++)
                {
                    double term = a[opA == MatrixOp.None ? (i * k) + p : (p * m) + i] * b[opB == MatrixOp.None ? (p * n) + j : (j * k) + p];
                    sum += term;
                    magnitude += Math.Abs(term);
                }
                double old = before[(i * n) + j];
                double bound = 2.0 * (k + 4) * Roundoff * ((0.5 * magnitude) + Math.Abs(old));
                Assert.True(Math.Abs(c[(i * n) + j] - ((0.5 * sum) - old)) <= bound);
            }
        }
    }

    private static double[] Random(int count, ulong seed)
    {
        double[] values = new double[count];
        RandomStream stream = new(seed);
        for (int i = 0; i < count; i++)
            values[i] = stream.NextDouble() - 0.5;
        return values;
    }
}
