using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Derivatives;

/// <summary>How many samples one thread walks at a time, unless the user says, and how many are worth a thread.</summary>
internal static class SliceSize
{
    /// <summary>Bytes that the values, cotangents and tangents of one slice may take.</summary>
    public const long Bytes = 32L << 20;

    /// <summary>A slice takes at least so many times the bytes of the parameters: every slice reads each parameter and its direction and adds to its gradient, which large networks on small slices do for most of their time.</summary>
    public const long PerParameter = 4;

    /// <summary>With more rows a matrix product gets no faster.</summary>
    public const int MostRows = 336;

    /// <summary>Samples of small networks that are worth waking a thread for.</summary>
    public const int MostOfSmallestPart = 16;

    // Bytes that a thread may walk without another's help.
    private const long BytesOfSmallestPart = 1L << 20;

    /// <summary>Rows of a slice of a network computing in T.</summary>
    public static unsafe int Rows<T>(Network network)
        where T : unmanaged
    {
        long bytes = Math.Max(Bytes, PerParameter * network.ParameterCount * sizeof(T));
        return (int)Math.Clamp(bytes / SampleBytes<T>(network), 1, MostRows);
    }

    /// <summary>Fewer samples than this per thread are not worth waking one: of large networks one is enough.</summary>
    public static int SmallestPart<T>(Network network)
        where T : unmanaged => (int)Math.Clamp(BytesOfSmallestPart / SampleBytes<T>(network), 1, MostOfSmallestPart);

    private static long SampleBytes<T>(Network network)
        where T : unmanaged => SliceState<T>.Bytes(network, 1) + TangentBuffers<T>.Bytes(network, 1);
}
