using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Derivatives;

/// <summary>How many samples one thread walks at a time, unless the user says.</summary>
internal static class SliceSize
{
    /// <summary>Bytes that the values, cotangents and tangents of one slice may take.</summary>
    public const long Bytes = 32L << 20;

    /// <summary>With more rows a matrix product gets no faster.</summary>
    public const int MostRows = 336;

    /// <summary>Rows of a slice of a network computing in T.</summary>
    public static int Rows<T>(Network network)
        where T : unmanaged => (int)Math.Clamp(Bytes / (SliceState<T>.Bytes(network, 1) + TangentBuffers<T>.Bytes(network, 1)), 1, MostRows);
}
