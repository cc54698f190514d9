using Eigenscope.Numerics.Blas.Managed;
using Eigenscope.Numerics.Blas.OpenBlas;

namespace Eigenscope.Numerics.Blas;

/// <summary>Finds and loads the dense kernels. A backend is loaded once per process and shared.</summary>
public static class BlasBackends
{
    private static readonly Lazy<(OpenBlasBackend? Backend, string? Reason)> Native = new(LoadNative);
    private static readonly Lazy<ManagedBackend> Fallback = new(static () => new ManagedBackend());

    /// <summary>Loads the dense kernels asked for. Loading OpenBLAS sets its own thread count to 1 for the whole process.</summary>
    /// <param name="choice">Which kernels.</param>
    /// <returns>The kernels, and for <see cref="BlasChoice.Auto"/> why they are not OpenBLAS when they are not.</returns>
    /// <exception cref="DllNotFoundException">OpenBLAS was asked for and is missing or unusable; the message says how to install it.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="choice"/> is not a member of the enumeration.</exception>
    public static LoadedBlas Load(BlasChoice choice)
    {
        if (choice == BlasChoice.Managed)
            return new LoadedBlas(Fallback.Value, null);
        if (choice is not (BlasChoice.Auto or BlasChoice.OpenBlas))
            throw new ArgumentOutOfRangeException(nameof(choice), choice, "expected Auto, OpenBlas or Managed");
        if (Native.Value.Backend is { } backend)
            return new LoadedBlas(backend, null);
        string reason = Native.Value.Reason ?? "OpenBLAS could not be loaded";
        if (choice == BlasChoice.OpenBlas)
            throw new DllNotFoundException($"{reason}. {InstallHint()}");
        return new LoadedBlas(Fallback.Value, $"{reason}. {InstallHint()}");
    }

    /// <summary>Reads a choice as a user writes it (the values of EIGENSCOPE_BLAS): auto, openblas or managed, in any case.</summary>
    /// <param name="text">The text; <see langword="null"/> or blank means auto.</param>
    /// <returns>The choice.</returns>
    /// <exception cref="ArgumentException">Any other text.</exception>
    public static BlasChoice Parse(string? text) => text?.Trim().ToUpperInvariant() switch
    {
        null or "" or "AUTO" => BlasChoice.Auto,
        "OPENBLAS" => BlasChoice.OpenBlas,
        "MANAGED" => BlasChoice.Managed,
        _ => throw new ArgumentException($"'{text}' names no dense kernels: expected auto, openblas or managed", nameof(text)),
    };

    private static (OpenBlasBackend? Backend, string? Reason) LoadNative() =>
        OpenBlasLibrary.TryLoad(out OpenBlasLibrary? library, out string? reason) ? (new OpenBlasBackend(library), null) : (null, reason);

    private static string InstallHint()
    {
        if (OperatingSystem.IsWindows())
            return "To install it, put libopenblas.dll (from the OpenBLAS releases on GitHub) next to the program or on PATH";
        return OperatingSystem.IsMacOS()
            ? "To install it: brew install openblas"
            : "To install it: sudo apt-get install libopenblas0-pthread (Debian, Ubuntu; other systems name the package openblas)";
    }
}
