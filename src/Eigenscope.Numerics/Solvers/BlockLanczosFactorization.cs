using System.Globalization;
using System.Numerics.Tensors;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Solvers;

/// <summary>
/// A block Lanczos factorisation of a symmetric operator: with the m <em>expanded</em> basis vectors as columns of V and the p <em>pending</em> ones as columns of E,
/// all orthonormal,
/// <code>A V = V T + E C,    T = Vᵀ A V symmetric m × m,  C = Eᵀ A V p × m.</code>
/// <see cref="Expand"/> multiplies some pending vectors by A: they join V, and what of the product leaves the span becomes pending. For pure blocks T is block
/// tridiagonal and E is the next block; after a restart T is an arrow. A random vector may be injected at any time: orthogonal to the basis, its column of C and T is zero.
/// <para>Orthogonalisation is block classical Gram–Schmidt against the whole basis. What symmetry foretells of the coefficients is taken out of a product first, so that one pass as a rule removes
/// rounding alone; where it takes a sizeable part, a second one follows (twice is enough: Daniel, Gragg, Kaufman and Stewart 1976; Giraud, Langou and Rozložník 2005). The block itself is made
/// orthonormal by pivoted modified Gram–Schmidt, which reveals its rank. A remainder below <see cref="BreakdownFactor"/> · ‖A‖ is a breakdown: that
/// direction closes an invariant subspace and is left out.</para>
/// <para>Memory: one array of (capacity × n) numbers, two blocks of (blockCapacity × n), and O(capacity²). Rows of the array are the basis vectors, V first.</para>
/// </summary>
public sealed class BlockLanczosFactorization
{
    /// <summary>A remainder this small relative to ‖A‖ is rounding: 1000 · 2⁻⁵².</summary>
    public const double BreakdownFactor = 1000 * Precision;

    /// <summary>Largest |qᵢᵀA qⱼ − qⱼᵀA qᵢ| / ‖A‖ that rounding explains; generous, because operators may compute in float32.</summary>
    public const double AsymmetryTolerance = 1e-4;

    private const double Precision = 2.220446049250313e-16;

    // A block direction that shrank below this against the block's other directions carries amplified rounding and is orthogonalised once more.
    private const double ReorthogonalizeBelow = 1e-2;

    // A pass takes (I − VᵀV) c too little. Far below 1, so that the basis's departure from orthogonality shrinks from one vector to the next where it would merely stay.
    private const double LargestSinglePass = 0.1;

    // Entries of C below this times ‖A‖ are mostly rounding: taking them out ahead saves nothing.
    private const double NegligibleCoupling = 1.5e-8;

    private readonly OperatorProducts _products;
    private readonly Compute _compute;
    private readonly ThinProjection _thin;
    private readonly BasisRotation _rotation;
    private readonly RandomStream _random;
    private readonly double[] _basis;
    private readonly double[] _block;
    private readonly double[] _coefficients;
    private readonly double[] _projected;
    private readonly double[] _triangle;
    private readonly int _capacity;
    private readonly int _blockCapacity;
    private bool _truncated;

    /// <summary>Creates an empty factorisation.</summary>
    /// <param name="operand">A, symmetric, n × n.</param>
    /// <param name="capacity">Largest number of basis vectors, expanded and pending together, ≥ 1.</param>
    /// <param name="blockCapacity">Largest number of vectors expanded or injected at once, ≥ 1.</param>
    /// <param name="compute">Where the arithmetic runs.</param>
    /// <param name="random">Source of injected vectors; consumed.</param>
    /// <exception cref="ArgumentException">The operator is not declared symmetric, or a capacity is below 1 or needs more than 2³¹ − 1 numbers.</exception>
    public BlockLanczosFactorization(LinearOperator operand, int capacity, int blockCapacity, Compute compute, RandomStream random)
        : this(new OperatorProducts(Symmetric(operand)), capacity, blockCapacity, compute, random)
    {
    }

    internal BlockLanczosFactorization(OperatorProducts products, int capacity, int blockCapacity, Compute compute, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(compute);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(blockCapacity, 1);
        Dimension = products.Operator.Rows;
        if ((long)Math.Max(capacity, 2L * blockCapacity) * Math.Max(Dimension, Math.Max(capacity, 1)) > Array.MaxLength)
            throw new ArgumentException($"expected a basis of at most {Array.MaxLength} numbers, got {capacity} vectors of {Dimension}; ask for fewer pairs", nameof(capacity));
        (_products, _compute, _random) = (products, compute, random);
        (_thin, _rotation) = (new ThinProjection(compute), new BasisRotation(compute));
        (_capacity, _blockCapacity) = (capacity, blockCapacity);
        _basis = new double[capacity * Dimension];
        _block = new double[blockCapacity * Dimension];
        _coefficients = new double[2 * blockCapacity * capacity];
        _projected = new double[capacity * capacity];
        _triangle = new double[blockCapacity * blockCapacity];
    }

    /// <summary>n, the dimension of A.</summary>
    public int Dimension { get; }

    /// <summary>m, the number of expanded vectors.</summary>
    public int Expanded { get; private set; }

    /// <summary>p, the number of pending vectors.</summary>
    public int Pending { get; private set; }

    /// <summary>Number of basis vectors, m + p.</summary>
    public int Count => Expanded + Pending;

    /// <summary>Random vectors injected so far: a Krylov space holds at most this many copies of one eigenvalue.</summary>
    public int Starts { get; private set; }

    /// <summary>Products with A so far, counted by vectors.</summary>
    public int Applications => _products.Count;

    /// <summary>Power of two by which A was divided: T, C and <see cref="Norm"/> belong to A / Scale.</summary>
    public double Scale => _products.Scale;

    /// <summary>The largest ‖A v‖ / Scale over the unit vectors multiplied so far: a lower estimate of ‖A‖ / Scale.</summary>
    public double Norm { get; private set; }

    /// <summary>How many new pending vectors the last <see cref="Expand"/> added; fewer than it expanded after a breakdown.</summary>
    public int LastRank { get; private set; }

    /// <summary>Whether every product was finite.</summary>
    public bool IsFinite { get; private set; } = true;

    /// <summary>Whether V spans the whole space, so that T's eigenvalues are all of A's.</summary>
    public bool IsComplete => Expanded == Dimension;

    /// <summary>The basis as rows, V then E: (m + p) × n.</summary>
    public ReadOnlyMatrixSpan<double> Basis => Rows(0, Count);

    /// <summary>T (the first m rows) above C (the last p): (m + p) × m.</summary>
    public ReadOnlyMatrixSpan<double> Projected => new(_projected, Count, Expanded, _capacity);

    /// <summary>Appends random unit vectors orthogonal to the basis as the newest pending ones, with exactly zero coupling.</summary>
    /// <param name="count">How many are wanted, ≤ the block capacity; fewer fit when the basis almost spans the space.</param>
    /// <returns>How many were appended.</returns>
    /// <exception cref="ArgumentOutOfRangeException">More than the block capacity, or than the room left.</exception>
    public int Inject(int count)
    {
        RequireRoom(count);
        count = Math.Min(count, Dimension - Count);
        if (count <= 0)
            return 0;
        MatrixSpan<double> block = Block(count);
        for (int i = 0; i < count; i++)
            _random.FillNormal(block.Row(i));
        return InjectBlock(block);
    }

    /// <summary>Appends given vectors as random ones are: made orthonormal, and orthogonal to the basis.</summary>
    /// <param name="vectors">At most the block capacity, of unit length or so.</param>
    /// <returns>How many directions they added.</returns>
    internal int Inject(ReadOnlyMatrixSpan<double> vectors)
    {
        RequireRoom(vectors.Rows);
        MatrixSpan<double> block = Block(vectors.Rows);
        vectors.CopyTo(block);
        return InjectBlock(block);
    }

    /// <summary>Multiplies the newest pending vectors by A.</summary>
    /// <param name="count">How many; ≤ <see cref="Pending"/> and the block capacity.</param>
    /// <returns>False when a product held a NaN or an infinity: the factorisation is then as before the call.</returns>
    /// <exception cref="ArgumentOutOfRangeException">More than are pending or than there is room for.</exception>
    /// <exception cref="ArgumentException">The operator turned out not to be symmetric.</exception>
    public bool Expand(int count)
    {
        RequireRoom(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Pending);
        for (int i = 0; i < count; i++)
            SwapPending(i, Pending - count + i);
        return ExpandRows(Expanded, count);
    }

    /// <summary>Exchanges two pending vectors.</summary>
    /// <param name="first">Index among the pending ones.</param>
    /// <param name="second">Index among the pending ones.</param>
    public void SwapPending(int first, int second)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)first, (uint)Pending, nameof(first));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)second, (uint)Pending, nameof(second));
        if (first == second)
            return;
        SwapRows(Rows(Expanded, Pending), first, second);
        SwapRows(new MatrixSpan<double>(_projected, Count, _capacity).RowRange(Expanded, Pending), first, second);
    }

    /// <summary>Multiplies expanded vectors by A afresh, replacing what is known of their products; their residuals' new directions become pending.</summary>
    /// <param name="index">The expanded vector.</param>
    /// <returns>False when the product held a NaN or an infinity.</returns>
    internal bool Refresh(int index)
    {
        RequireRoom(1);
        return ExpandRows(index, 1);
    }

    /// <summary>
    /// Thick restart (Wu and Simon 2000): V becomes V Y for the rows of <paramref name="ritz"/>, orthonormal eigenvectors of T, and T becomes diagonal. Pending vectors stay.
    /// </summary>
    /// <param name="ritz">Rows are eigenvectors of T: kept × m.</param>
    /// <param name="values">Their eigenvalues, in the scale of T.</param>
    internal void Restart(ReadOnlyMatrixSpan<double> ritz, ReadOnlySpan<double> values)
    {
        int kept = ritz.Rows;
        double[] coupling = new double[Pending * kept];
        MatrixSpan<double> coupled = new(coupling, Pending, kept);
        _compute.Multiply(1.0, Projected.RowRange(Expanded, Pending), MatrixOp.None, ritz, MatrixOp.Transpose, 0.0, coupled);
        _rotation.Run(ritz, Rows(0, Expanded));
        for (int i = 0; i < Pending; i++)
            Rows(Expanded + i, 1).Row(0).CopyTo(Rows(kept + i, 1).Row(0));
        Array.Clear(_projected);
        for (int j = 0; j < kept; j++)
            _projected[(j * _capacity) + j] = values[j];
        Expanded = kept;
        for (int i = 0; i < Pending; i++)
            coupled.Row(i).CopyTo(_projected.AsSpan((kept + i) * _capacity));
    }

    /// <summary>Forgets the pending vectors. The equation then holds up to C, so this is for a V whose residuals lie within the tolerance.</summary>
    internal void DropPending()
    {
        for (int i = Expanded; i < Count; i++)
            _projected.AsSpan(i * _capacity, _capacity).Clear();
        _truncated |= Pending > 0;
        Pending = 0;
    }

    /// <summary>Computes (A / <see cref="Scale"/>) v for expanded vectors, counted, without touching the factorisation.</summary>
    /// <returns>The products, valid until the next call; an empty view when one was not finite.</returns>
    internal ReadOnlyMatrixSpan<double> Products(int start, int count)
    {
        MatrixSpan<double> block = Block(count);
        IsFinite &= _products.TryApply(Rows(start, count), block);
        return IsFinite ? block : new MatrixSpan<double>([], 0, Dimension);
    }

    private static LinearOperator Symmetric(LinearOperator operand)
    {
        ArgumentNullException.ThrowIfNull(operand);
        if (!operand.IsSymmetric)
            throw new ArgumentException("expected an operator declared symmetric; pass OperatorStructure.Symmetric to its constructor if it is", nameof(operand));
        return operand;
    }

    private static void SwapRows(MatrixSpan<double> matrix, int first, int second)
    {
        Span<double> a = matrix.Row(first);
        Span<double> b = matrix.Row(second);
        for (int i = 0; i < a.Length; i++)
            (a[i], b[i]) = (b[i], a[i]);
    }

    private int InjectBlock(MatrixSpan<double> block)
    {
        int rank = OrthogonalizeBlock(block, new MatrixSpan<double>(_coefficients, block.Rows, Count), 0.0);
        AppendPending(block, rank);
        Starts += rank;
        return rank;
    }

    private MatrixSpan<double> Rows(int start, int count) => new MatrixSpan<double>(_basis, _capacity, Dimension).RowRange(start, count);

    private MatrixSpan<double> Block(int count) => new(_block.AsSpan(0, count * Dimension), count, Dimension);

    private void RequireRoom(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _blockCapacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _capacity - Count);
    }

    private bool ExpandRows(int start, int count)
    {
        MatrixSpan<double> block = Block(count);
        if (!_products.TryApply(Rows(start, count), block))
        {
            IsFinite = false;
            return false;
        }
        for (int i = 0; i < count; i++)
            Norm = Math.Max(Norm, TensorPrimitives.Norm<double>(block.Row(i)));
        int known = Count;
        MatrixSpan<double> coefficients = new(_coefficients, count, known);
        SubtractExpected(block, coefficients, start);
        int rank = OrthogonalizeBlock(block, coefficients, BreakdownFactor * Norm);
        if (start == Expanded)
        {
            Expanded += count;
            Pending -= count;
        }
        AppendPending(block, rank);
        LastRank = rank;
        Record(coefficients, start, count, known, rank);
        return true;
    }

    /// <summary>
    /// Takes out of products what the factorisation foretells: V's part, which symmetry gives as the rows of C, and E's, which is new. What then remains in the basis's span is rounding, the operator's or ours.
    /// </summary>
    private void SubtractExpected(MatrixSpan<double> block, MatrixSpan<double> coefficients, int start)
    {
        coefficients.Clear();
        MatrixSpan<double> expected = coefficients.ColumnRange(0, Expanded);
        ReadOnlyMatrixSpan<double> recorded = Projected.RowRange(start, block.Rows);
        recorded.CopyTo(expected);
        _thin.Subtract(Rows(0, Expanded), block, expected, NegligibleCoupling * Norm);
        ProjectOnce(Rows(Expanded, Pending), block, coefficients.ColumnRange(Expanded, Pending));
    }

    /// <summary>
    /// One pass of block Gram–Schmidt against the whole basis, and a second one if the first took a sizeable part: only then can cancellation have magnified what rounding left of the basis
    /// (Daniel, Gragg, Kaufman and Stewart 1976). The coefficients are added.
    /// </summary>
    private void Project(MatrixSpan<double> block, MatrixSpan<double> coefficients)
    {
        ReadOnlyMatrixSpan<double> basis = Rows(0, coefficients.Columns);
        MatrixSpan<double> taken = new(_coefficients.AsSpan(_blockCapacity * _capacity), coefficients.Rows, coefficients.Columns);
        bool cancelled = true;
        for (int pass = 0; pass < 2 && cancelled; pass++)
        {
            ProjectOnce(basis, block, taken);
            cancelled = false;
            for (int i = 0; i < block.Rows; i++)
            {
                TensorPrimitives.Add(coefficients.Row(i), taken.Row(i), coefficients.Row(i));
                // Written so that a NaN asks for another pass.
                cancelled |= !(TensorPrimitives.Norm<double>(taken.Row(i)) <= LargestSinglePass * TensorPrimitives.Norm<double>(block.Row(i)));
            }
        }
    }

    private void ProjectOnce(ReadOnlyMatrixSpan<double> basis, MatrixSpan<double> block, MatrixSpan<double> coefficients)
    {
        if (block.Rows <= ThinProjection.MostRows)
        {
            _thin.Run(basis, block, coefficients);
            return;
        }
        _compute.Multiply(1.0, block, MatrixOp.None, basis, MatrixOp.Transpose, 0.0, coefficients);
        _compute.Multiply(-1.0, coefficients, MatrixOp.None, basis, MatrixOp.None, 1.0, block);
    }

    /// <summary>Makes the block orthonormal, and orthogonal to the basis; <see cref="_triangle"/> receives R with (row j of the block) = Σ_i R[i, j] (row i of the result).</summary>
    private int OrthogonalizeBlock(MatrixSpan<double> block, MatrixSpan<double> coefficients, double breakdown)
    {
        Project(block, coefficients);
        MatrixSpan<double> triangle = new(_triangle, block.Rows, block.Rows);
        int limit = Math.Min(block.Rows, Dimension - Count);
        int rank = BlockOrthonormalizer.Run(block, triangle, breakdown, limit, out double smallestRatio);
        if (rank > 0 && smallestRatio < ReorthogonalizeBelow)
        {
            MatrixSpan<double> kept = block.RowRange(0, rank);
            ProjectOnce(Rows(0, Count), kept, new MatrixSpan<double>(_coefficients.AsSpan(_blockCapacity * _capacity), rank, Count));
            BlockOrthonormalizer.Renormalize(kept);
        }
        return rank;
    }

    private void AppendPending(MatrixSpan<double> block, int rank)
    {
        for (int i = 0; i < rank; i++)
        {
            block.Row(i).CopyTo(Rows(Count + i, 1).Row(0));
            _projected.AsSpan((Count + i) * _capacity, _capacity).Clear();
        }
        Pending += rank;
    }

    private void Record(ReadOnlyMatrixSpan<double> coefficients, int start, int count, int known, int rank)
    {
        MatrixSpan<double> projected = new(_projected, _capacity, _capacity);
        MatrixSpan<double> triangle = new(_triangle, count, count);
        for (int j = 0; j < count; j++)
        {
            ReadOnlySpan<double> column = coefficients.Row(j);
            for (int i = 0; i < known; i++)
            {
                if (i < start)
                    RequireSymmetric(projected[start + j, i], column[i]);
                projected[i, start + j] = column[i];
                if (i < Expanded)
                    projected[start + j, i] = column[i];
            }
            for (int i = 0; i < rank; i++)
                projected[known + i, start + j] = triangle[i, j];
        }
    }

    // After a vector was dropped, what is recorded lacks its part of the coupling, and a difference proves nothing.
    private void RequireSymmetric(double recorded, double computed)
    {
        if (!_truncated && Math.Abs(recorded - computed) > AsymmetryTolerance * Norm)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"the operator is declared symmetric, but two of its entries in an orthonormal basis differ by {Math.Abs(recorded - computed) / Norm:G3} of its norm; check its product, or do not declare it symmetric"), nameof(computed));
    }
}
