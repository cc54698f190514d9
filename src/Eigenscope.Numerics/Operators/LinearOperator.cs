using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Operators;

/// <summary>
/// A linear map R^n → R^m known by its products. Vectors are the rows of a block (b × n, row-major), so that each lies contiguous in memory.
/// Arguments are checked once, here; implementations see only valid ones. An operator is deterministic: the same block gives the same bits.
/// </summary>
public abstract class LinearOperator
{
    /// <summary>Initialises the shape and the structure.</summary>
    /// <param name="rows">m, dimension of the result, ≥ 0.</param>
    /// <param name="columns">n, dimension of the argument, ≥ 0.</param>
    /// <param name="structure">What is known about the operator; a symmetric one needs m = n.</param>
    /// <exception cref="ArgumentException">A non-square operator is declared symmetric.</exception>
    protected LinearOperator(int rows, int columns, OperatorStructure structure)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if ((structure & (OperatorStructure.PositiveSemidefinite | OperatorStructure.Diagonal)) != OperatorStructure.None)
            structure |= OperatorStructure.Symmetric;
        if (structure.HasFlag(OperatorStructure.Symmetric) && rows != columns)
            throw new ArgumentException($"a {rows} × {columns} operator cannot be symmetric", nameof(structure));
        Rows = rows;
        Columns = columns;
        Structure = structure;
    }

    /// <summary>m, the dimension of the result.</summary>
    public int Rows { get; }

    /// <summary>n, the dimension of the argument.</summary>
    public int Columns { get; }

    /// <summary>What is known about the operator.</summary>
    public OperatorStructure Structure { get; }

    /// <summary>Whether the operator is declared symmetric.</summary>
    public bool IsSymmetric => Structure.HasFlag(OperatorStructure.Symmetric);

    /// <summary>
    /// Cost of a product of a large block, per vector, relative to a product of one vector: near 0.2 for a dense matrix (one pass over memory serves all vectors),
    /// 1 where a block saves nothing. Solvers choose their block size by it.
    /// </summary>
    public virtual double BlockCostPerVector => 1.0;

    /// <summary>Computes y ← A x for one vector.</summary>
    /// <param name="x">n entries.</param>
    /// <param name="y">m entries; must not overlap <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">A wrong length, or overlapping arguments.</exception>
    public void Apply(ReadOnlySpan<double> x, Span<double> y) =>
        Apply(new ReadOnlyMatrixSpan<double>(x, 1, x.Length), new MatrixSpan<double>(y, 1, y.Length));

    /// <summary>Computes row i of <paramref name="y"/> ← A (row i of <paramref name="x"/>) for every i.</summary>
    /// <param name="x">b × n.</param>
    /// <param name="y">b × m; must not overlap <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">A wrong shape, or overlapping arguments.</exception>
    public void Apply(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y)
    {
        Check(x, y, Columns, Rows);
        if (x.Rows > 0)
            ApplyCore(x, y);
    }

    /// <summary>Computes row i of <paramref name="y"/> ← Aᵀ (row i of <paramref name="x"/>) for every i.</summary>
    /// <param name="x">b × m.</param>
    /// <param name="y">b × n; must not overlap <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">A wrong shape, or overlapping arguments.</exception>
    public void ApplyAdjoint(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y)
    {
        Check(x, y, Rows, Columns);
        if (x.Rows == 0)
            return;
        if (IsSymmetric)
            ApplyCore(x, y);
        else
            ApplyAdjointCore(x, y);
    }

    /// <summary>The product itself, on checked arguments.</summary>
    /// <param name="x">b × n, b ≥ 1.</param>
    /// <param name="y">b × m, content undefined on entry.</param>
    protected abstract void ApplyCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y);

    /// <summary>The product with the transpose, on checked arguments; never called on a symmetric operator.</summary>
    /// <param name="x">b × m, b ≥ 1.</param>
    /// <param name="y">b × n, content undefined on entry.</param>
    protected abstract void ApplyAdjointCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y);

    private static void Check(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y, int from, int to)
    {
        if (x.Columns != from)
            throw new ArgumentException($"expected vectors of {from} entries, got {x.Columns}", nameof(x));
        if (y.Rows != x.Rows || y.Columns != to)
            throw new ArgumentException($"expected a {x.Rows} × {to} result, got {y.Rows} × {y.Columns}", nameof(y));
        if (x.Data.Overlaps(y.Data))
            throw new ArgumentException("the result must not overlap the argument", nameof(y));
    }
}
