using System.Buffers;
using System.Runtime.InteropServices;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Blas.OpenBlas;

/// <summary>
/// CBLAS and Fortran-ABI LAPACK of one OpenBLAS library. LAPACK is column-major: it sees the transpose of every row-major argument, which the factorisations below use
/// instead of copying (upper for lower triangle, the SVD with U and V swapped, LQ for QR).
/// </summary>
internal sealed unsafe class OpenBlasBackend : BlasBackend
{
    // dsyevd with vectors on one thread (Haswell kernels): 7 ms at n = 300, 0.13 s at 1000, 0.27 s at 1300, 3.6 s at 3000.
    private const int DenseEigenDimension = 3000;

    private const int RowMajor = 101;
    private const int NoTranspose = 111;
    private const int Transposed = 112;
    private const int LowerTriangle = 122;
    private const int NonUnitDiagonal = 131;
    private const int FromLeft = 141;
    private const int FromRight = 142;

    private readonly OpenBlasLibrary _library;

    public OpenBlasBackend(OpenBlasLibrary library)
        : base(BlasKind.OpenBlas, Describe(library), DenseEigenDimension)
    {
        _library = library;
    }

    private protected override void MultiplyCore<T>(T alpha, ReadOnlyMatrixSpan<T> a, MatrixOp opA, ReadOnlyMatrixSpan<T> b, MatrixOp opB, T beta, MatrixSpan<T> c)
    {
        int inner = opA == MatrixOp.None ? a.Columns : a.Rows;
        (int transA, int transB) = (Code(opA), Code(opB));
        fixed (T* pa = &MemoryMarshal.GetReference(a.Data), pb = &MemoryMarshal.GetReference(b.Data), pc = &MemoryMarshal.GetReference(c.Data))
        {
            if (typeof(T) == typeof(double))
                _library.Dgemm(RowMajor, transA, transB, c.Rows, c.Columns, inner, *(double*)&alpha, (double*)pa, Leading(a), (double*)pb, Leading(b), *(double*)&beta, (double*)pc, Leading(c));
            else if (typeof(T) == typeof(float))
                _library.Sgemm(RowMajor, transA, transB, c.Rows, c.Columns, inner, *(float*)&alpha, (float*)pa, Leading(a), (float*)pb, Leading(b), *(float*)&beta, (float*)pc, Leading(c));
            else
                throw new NotSupportedException($"matrix products are available in float and double, not in {typeof(T).Name}");
        }
    }

    private protected override void SymmetricEigenCore(MatrixSpan<double> a, Span<double> values, bool vectors)
    {
        // Column-major "upper" is row-major lower; column-major eigenvector columns are our rows.
        byte job = vectors ? (byte)'V' : (byte)'N', upper = (byte)'U';
        int n = a.Rows, stride = Leading(a), info = 0;
        fixed (double* pa = a.Data, pw = values)
        {
            double wanted;
            int wantedIntegers, query = -1;
            _library.Dsyevd(&job, &upper, &n, pa, &stride, pw, &wanted, &query, &wantedIntegers, &query, &info);
            using Workspace<double> work = new(Size(wanted));
            using Workspace<int> integers = new(wantedIntegers);
            int size = work.Length, sizeIntegers = integers.Length;
            fixed (double* pWork = work.Span)
            fixed (int* pIntegers = integers.Span)
                _library.Dsyevd(&job, &upper, &n, pa, &stride, pw, pWork, &size, pIntegers, &sizeIntegers, &info);
        }
        Check("dsyevd", info, a);
    }

    private protected override void SvdCore(MatrixSpan<double> a, Span<double> singularValues, MatrixSpan<double> u, MatrixSpan<double> vt, bool vectors)
    {
        // LAPACK sees Aᵀ = V S Uᵀ: its "U" in column-major is our Vᵀ in row-major, its "Vᵀ" our U.
        byte job = vectors ? (byte)'S' : (byte)'N';
        int rows = a.Columns, columns = a.Rows, stride = Leading(a), strideU = Leading(vt), strideVt = Leading(u), info = 0;
        using Workspace<int> integers = new(checked(8 * singularValues.Length));
        fixed (double* pa = a.Data, ps = singularValues, pu = vt.Data, pvt = u.Data)
        fixed (int* pIntegers = integers.Span)
        {
            double wanted;
            int query = -1;
            _library.Dgesdd(&job, &rows, &columns, pa, &stride, ps, pu, &strideU, pvt, &strideVt, &wanted, &query, pIntegers, &info);
            using Workspace<double> work = new(Size(wanted));
            int size = work.Length;
            fixed (double* pWork = work.Span)
                _library.Dgesdd(&job, &rows, &columns, pa, &stride, ps, pu, &strideU, pvt, &strideVt, pWork, &size, pIntegers, &info);
        }
        Check("dgesdd", info, a);
    }

    private protected override void QrCore(MatrixSpan<double> a, MatrixSpan<double> r)
    {
        // A = Q R is Aᵀ = Rᵀ Qᵀ, the LQ decomposition of what LAPACK sees.
        int n = a.Columns, m = a.Rows, stride = Leading(a), info = 0, query = -1;
        using Workspace<double> tau = new(n);
        fixed (double* pa = a.Data, pTau = tau.Span)
        {
            double wantedFactor, wantedForm;
            _library.Dgelqf(&n, &m, pa, &stride, pTau, &wantedFactor, &query, &info);
            _library.Dorglq(&n, &m, &n, pa, &stride, pTau, &wantedForm, &query, &info);
            using Workspace<double> work = new(Math.Max(Size(wantedFactor), Size(wantedForm)));
            int size = work.Length;
            fixed (double* pWork = work.Span)
            {
                _library.Dgelqf(&n, &m, pa, &stride, pTau, pWork, &size, &info);
                CopyUpper(a, r);
                _library.Dorglq(&n, &m, &n, pa, &stride, pTau, pWork, &size, &info);
            }
        }
        Check("dgelqf", info, a);
    }

    private protected override int CholeskyCore(MatrixSpan<double> a)
    {
        byte upper = (byte)'U';
        int n = a.Rows, stride = Leading(a), info = 0;
        fixed (double* pa = a.Data)
            _library.Dpotrf(&upper, &n, pa, &stride, &info);
        if (info > 0)
            return info - 1;
        Check("dpotrf", info, a);
        for (int i = 0; i < n; i++)
            a.Row(i)[(i + 1)..].Clear();
        return -1;
    }

    private protected override void SolveTriangularCore(ReadOnlyMatrixSpan<double> lower, MatrixOp op, MatrixSpan<double> b, bool fromRight)
    {
        fixed (double* pl = lower.Data, pb = b.Data)
            _library.Dtrsm(RowMajor, fromRight ? FromRight : FromLeft, LowerTriangle, Code(op), NonUnitDiagonal, b.Rows, b.Columns, 1.0, pl, Leading(lower), pb, Leading(b));
    }

    private static string Describe(OpenBlasLibrary library)
    {
        string[] words = library.Config.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string version = words.Length > 1 ? words[1] : "of unknown version";
        return $"OpenBLAS {version} ({library.CoreName})";
    }

    private static int Code(MatrixOp op) => op == MatrixOp.None ? NoTranspose : Transposed;

    private static int Leading<T>(ReadOnlyMatrixSpan<T> matrix)
        where T : unmanaged => Math.Max(1, matrix.Stride);

    private static int Leading<T>(MatrixSpan<T> matrix)
        where T : unmanaged => Math.Max(1, matrix.Stride);

    private static int Size(double wanted)
    {
        if (wanted > Array.MaxLength)
            throw new LinearAlgebraException($"the factorisation needs a workspace of {wanted:E1} numbers, more than an array can hold");
        return Math.Max(1, (int)wanted);
    }

    private static void CopyUpper(ReadOnlyMatrixSpan<double> a, MatrixSpan<double> r)
    {
        for (int i = 0; i < r.Rows; i++)
        {
            r.Row(i)[..i].Clear();
            a.Row(i)[i..].CopyTo(r.Row(i)[i..]);
        }
    }

    private static void Check(string routine, int info, ReadOnlyMatrixSpan<double> a)
    {
        if (info < 0)
            throw new InvalidOperationException($"{routine} rejected its argument {-info} on a {a.Rows} × {a.Columns} matrix");
        if (info > 0)
            throw new LinearAlgebraException($"{routine} did not converge on a {a.Rows} × {a.Columns} matrix (code {info})");
    }

    /// <summary>Scratch memory for one call, from the shared pool.</summary>
    private readonly ref struct Workspace<T>(int length)
        where T : unmanaged
    {
        private readonly T[] _rented = ArrayPool<T>.Shared.Rent(Math.Max(1, length));

        public int Length { get; } = Math.Max(1, length);

        public Span<T> Span => _rented.AsSpan(0, Length);

        public void Dispose() => ArrayPool<T>.Shared.Return(_rented);
    }
}
