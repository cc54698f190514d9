using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Eigenscope.Numerics.Blas.OpenBlas;

/// <summary>
/// The entry points of an OpenBLAS shared library, resolved at run time. Function pointers instead of <c>DllImport</c>: a library that lacks a symbol is then
/// rejected as a whole, before anything is computed, and no resolver is installed for the assembly.
/// LAPACK's hidden string lengths are omitted: every string argument has one character, which the callee never measures.
/// </summary>
internal sealed unsafe class OpenBlasLibrary
{
    // cblas_?gemm(order, transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
    public readonly delegate* unmanaged[Cdecl]<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void> Sgemm;
    public readonly delegate* unmanaged[Cdecl]<int, int, int, int, int, int, double, double*, int, double*, int, double, double*, int, void> Dgemm;

    // dsyevd(jobz, uplo, n, a, lda, w, work, lwork, iwork, liwork, info)
    public readonly delegate* unmanaged[Cdecl]<byte*, byte*, int*, double*, int*, double*, double*, int*, int*, int*, int*, void> Dsyevd;

    // dgesdd(jobz, m, n, a, lda, s, u, ldu, vt, ldvt, work, lwork, iwork, info)
    public readonly delegate* unmanaged[Cdecl]<byte*, int*, int*, double*, int*, double*, double*, int*, double*, int*, double*, int*, int*, int*, void> Dgesdd;

    // dgelqf(m, n, a, lda, tau, work, lwork, info)
    public readonly delegate* unmanaged[Cdecl]<int*, int*, double*, int*, double*, double*, int*, int*, void> Dgelqf;

    // dorglq(m, n, k, a, lda, tau, work, lwork, info)
    public readonly delegate* unmanaged[Cdecl]<int*, int*, int*, double*, int*, double*, double*, int*, int*, void> Dorglq;

    // dpotrf(uplo, n, a, lda, info)
    public readonly delegate* unmanaged[Cdecl]<byte*, int*, double*, int*, int*, void> Dpotrf;

    // cblas_dtrsm(order, side, uplo, transA, diag, m, n, alpha, a, lda, b, ldb)
    public readonly delegate* unmanaged[Cdecl]<int, int, int, int, int, int, int, double, double*, int, double*, int, void> Dtrsm;

    private static readonly string[] LinuxNames =
        ["libopenblas.so.0", "libopenblas.so", "libopenblasp.so.0", "libopenblasp.so", "libopenblaso.so.0", "libopenblas_pthreads.so.0"];

    private static readonly string[] MacNames =
    [
        "libopenblas.dylib", "libopenblas.0.dylib", "/opt/homebrew/opt/openblas/lib/libopenblas.dylib",
        "/usr/local/opt/openblas/lib/libopenblas.dylib", "/opt/local/lib/libopenblas.dylib",
    ];

    private static readonly string[] WindowsNames = ["libopenblas.dll", "openblas.dll"];

    private OpenBlasLibrary(nint handle)
    {
        Sgemm = (delegate* unmanaged[Cdecl]<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void>)NativeLibrary.GetExport(handle, "cblas_sgemm");
        Dgemm = (delegate* unmanaged[Cdecl]<int, int, int, int, int, int, double, double*, int, double*, int, double, double*, int, void>)NativeLibrary.GetExport(handle, "cblas_dgemm");
        Dsyevd = (delegate* unmanaged[Cdecl]<byte*, byte*, int*, double*, int*, double*, double*, int*, int*, int*, int*, void>)NativeLibrary.GetExport(handle, "dsyevd_");
        Dgesdd = (delegate* unmanaged[Cdecl]<byte*, int*, int*, double*, int*, double*, double*, int*, double*, int*, double*, int*, int*, int*, void>)NativeLibrary.GetExport(handle, "dgesdd_");
        Dgelqf = (delegate* unmanaged[Cdecl]<int*, int*, double*, int*, double*, double*, int*, int*, void>)NativeLibrary.GetExport(handle, "dgelqf_");
        Dorglq = (delegate* unmanaged[Cdecl]<int*, int*, int*, double*, int*, double*, double*, int*, int*, void>)NativeLibrary.GetExport(handle, "dorglq_");
        Dpotrf = (delegate* unmanaged[Cdecl]<byte*, int*, double*, int*, int*, void>)NativeLibrary.GetExport(handle, "dpotrf_");
        Dtrsm = (delegate* unmanaged[Cdecl]<int, int, int, int, int, int, int, double, double*, int, double*, int, void>)NativeLibrary.GetExport(handle, "cblas_dtrsm");
        Config = Text(handle, "openblas_get_config");
        CoreName = Text(handle, "openblas_get_corename");
        SetThreads(handle, 1);
    }

    /// <summary>The library's build line: "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH …".</summary>
    public string Config { get; }

    /// <summary>The kernels chosen for this processor: "Haswell".</summary>
    public string CoreName { get; }

    /// <summary>Looks for the library under its usual names.</summary>
    /// <param name="library">The library, when found and complete.</param>
    /// <param name="reason">Otherwise why not.</param>
    /// <returns>Whether it was found.</returns>
    public static bool TryLoad([NotNullWhen(true)] out OpenBlasLibrary? library, [NotNullWhen(false)] out string? reason) =>
        TryLoad(CandidateNames(), out library, out reason);

    /// <summary>Looks for the library under the given names, in order.</summary>
    /// <param name="names">File names or paths.</param>
    /// <param name="library">The library, when found and complete.</param>
    /// <param name="reason">Otherwise why not.</param>
    /// <returns>Whether it was found.</returns>
    public static bool TryLoad(string[] names, [NotNullWhen(true)] out OpenBlasLibrary? library, [NotNullWhen(false)] out string? reason)
    {
        library = null;
        reason = null;
        foreach (string name in names)
        {
            if (!NativeLibrary.TryLoad(name, typeof(OpenBlasLibrary).Assembly, searchPath: null, out nint handle))
                continue;
            if (TryBind(handle, name, out library, out string? defect))
                return true;
            NativeLibrary.Free(handle);
            reason ??= defect;
        }
        reason ??= $"the OpenBLAS library was not found (tried {string.Join(", ", names)})";
        return false;
    }

    private static bool TryBind(nint handle, string name, [NotNullWhen(true)] out OpenBlasLibrary? library, out string? defect)
    {
        (library, defect) = (null, null);
        try
        {
            // Integers of 64 bits would read our 32-bit arguments together with their neighbours.
            if (Text(handle, "openblas_get_config").Contains("USE64BITINT", StringComparison.Ordinal))
            {
                defect = $"{name} was built with 64-bit integers; a build with 32-bit integers is needed";
                return false;
            }
            library = new OpenBlasLibrary(handle);
            return true;
        }
        catch (EntryPointNotFoundException missing)
        {
            defect = $"{name} lacks a needed function: {missing.Message}";
            return false;
        }
    }

    private static string[] CandidateNames()
    {
        if (OperatingSystem.IsWindows())
            return WindowsNames;
        return OperatingSystem.IsMacOS() ? MacNames : LinuxNames;
    }

    private static string Text(nint handle, string function)
    {
        delegate* unmanaged[Cdecl]<nint> get = (delegate* unmanaged[Cdecl]<nint>)NativeLibrary.GetExport(handle, function);
        return Marshal.PtrToStringUTF8(get())?.Trim() ?? "";
    }

    private static void SetThreads(nint handle, int threads) =>
        ((delegate* unmanaged[Cdecl]<int, void>)NativeLibrary.GetExport(handle, "openblas_set_num_threads"))(threads);
}
