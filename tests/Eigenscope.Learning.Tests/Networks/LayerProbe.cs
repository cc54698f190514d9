using System.Numerics;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Tests.Networks;

/// <summary>Runs one layer by itself on rows of numbers.</summary>
internal static class LayerProbe
{
    private static readonly BlasBackend Blas = BlasBackends.Load(BlasChoice.Managed).Backend;

    /// <summary>The output; with <paramref name="keep"/> by the way that also fills the stash.</summary>
    public static T[] Value<T>(Layer layer, T[] x, T[] parameters, bool keep)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int rows = x.Length / layer.InputSize;
        T[] y = new T[rows * layer.OutputSize];
        layer.Value<T>(Blas, parameters, new(x, rows, layer.InputSize), new(y, rows, layer.OutputSize), new T[rows * layer.StashSize], keep);
        return y;
    }

    /// <summary>The tangent at x along ẋ, at fixed parameters.</summary>
    public static T[] Tangent<T>(Layer layer, T[] x, T[] parameters, T[] dx)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int rows = x.Length / layer.InputSize;
        T[] y = new T[rows * layer.OutputSize];
        T[] stash = new T[rows * layer.StashSize];
        T[] dy = new T[y.Length];
        layer.Value<T>(Blas, parameters, new(x, rows, layer.InputSize), new(y, rows, layer.OutputSize), stash, keep: true);
        layer.Tangent(Blas, parameters, default, Slice(layer, x, y, stash), new ReadOnlyMatrixSpan<T>(dx, rows, layer.InputSize), new(dy, rows, layer.OutputSize));
        return dy;
    }

    /// <summary>The pullback of a cotangent at x.</summary>
    public static T[] Pullback<T>(Layer layer, T[] x, T[] parameters, T[] cotangent)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int rows = x.Length / layer.InputSize;
        T[] y = new T[rows * layer.OutputSize];
        T[] stash = new T[rows * layer.StashSize];
        T[] below = new T[x.Length];
        layer.Value<T>(Blas, parameters, new(x, rows, layer.InputSize), new(y, rows, layer.OutputSize), stash, keep: true);
        layer.Pullback(Blas, parameters, Slice(layer, x, y, stash), new ReadOnlyMatrixSpan<T>(cotangent, rows, layer.OutputSize), new(below, rows, layer.InputSize), default);
        return below;
    }

    private static LayerSlice<T> Slice<T>(Layer layer, T[] x, T[] y, T[] stash)
        where T : unmanaged => new()
        {
            Input = new(x, x.Length / layer.InputSize, layer.InputSize),
            Output = new(y, x.Length / layer.InputSize, layer.OutputSize),
            InputCotangent = default,
            OutputCotangent = default,
            Stash = stash,
        };
}
