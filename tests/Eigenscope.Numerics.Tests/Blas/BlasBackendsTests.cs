using Eigenscope.Numerics.Blas;

namespace Eigenscope.Numerics.Tests.Blas;

public sealed class BlasBackendsTests
{
    [Fact]
    public void Choices_are_read_in_any_case()
    {
        Assert.All(new[] { null, "", "  ", "auto", "AUTO", " Auto " }, text => Assert.Equal(BlasChoice.Auto, BlasBackends.Parse(text)));
        Assert.Equal(BlasChoice.OpenBlas, BlasBackends.Parse("openblas"));
        Assert.Equal(BlasChoice.OpenBlas, BlasBackends.Parse("OpenBLAS"));
        Assert.Equal(BlasChoice.Managed, BlasBackends.Parse("managed"));
    }

    [Fact]
    public void Unknown_choices_are_refused_with_the_known_ones()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => BlasBackends.Parse("mkl"));
        Assert.Equal("text", error.ParamName);
        Assert.Contains("'mkl'", error.Message, StringComparison.Ordinal);
        Assert.Contains("auto, openblas or managed", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => BlasBackends.Load((BlasChoice)7));
    }

    [Fact]
    public void Managed_kernels_load_everywhere()
    {
        LoadedBlas loaded = BlasBackends.Load(BlasChoice.Managed);
        Assert.Equal(BlasKind.Managed, loaded.Backend.Kind);
        Assert.Null(loaded.FallbackReason);
        Assert.Same(loaded.Backend, BlasBackends.Load(BlasChoice.Managed).Backend);
    }

    [Fact]
    public void Automatic_choice_says_why_it_fell_back_and_the_explicit_one_fails_then()
    {
        LoadedBlas loaded = BlasBackends.Load(BlasChoice.Auto);
        Assert.Equal(loaded.Backend.Kind == BlasKind.Managed, loaded.FallbackReason is not null);
        if (loaded.FallbackReason is null)
        {
            Assert.Same(loaded.Backend, BlasBackends.Load(BlasChoice.OpenBlas).Backend);
            return;
        }
        DllNotFoundException error = Assert.Throws<DllNotFoundException>(() => BlasBackends.Load(BlasChoice.OpenBlas));
        Assert.Contains("To install it", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unusable_libraries_are_refused_with_the_reason()
    {
        Assert.False(Numerics.Blas.OpenBlas.OpenBlasLibrary.TryLoad(["no-such-library-anywhere"], out _, out string? missing));
        Assert.Contains("no-such-library-anywhere", missing, StringComparison.Ordinal);
        // The C library certainly has no BLAS in it.
        string present = OperatingSystem.IsWindows() ? "kernel32.dll" : OperatingSystem.IsMacOS() ? "libSystem.dylib" : "libc.so.6";
        Assert.False(Numerics.Blas.OpenBlas.OpenBlasLibrary.TryLoad([present], out _, out string? incomplete));
        Assert.Contains($"{present} lacks a needed function", incomplete, StringComparison.Ordinal);
    }
}
