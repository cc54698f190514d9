using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Networks;

/// <summary>Permutes an image from channels-first, (channels, height, width), as data sets hold it, to channels-last, (height, width, channels), as networks do. Linear, without parameters.</summary>
public sealed class ChannelsLastLayer : Layer
{
    internal ChannelsLastLayer(string name, ImageShape shape)
        : base(name, shape.Size, shape.Size) => Shape = shape;

    /// <summary>The images.</summary>
    public ImageShape Shape { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterBlock> Parameters => [];

    /// <inheritdoc/>
    public override bool IsPiecewiseLinear => true;

    internal override bool ValueInPlace => false;

    internal override bool TangentInPlace => false;

    internal override int StashSize => 0;

    internal override void Value<T>(BlasBackend blas, ReadOnlySpan<T> parameters, ReadOnlyMatrixSpan<T> x, MatrixSpan<T> y, Span<T> stash, bool keep) =>
        Transpose(x, Shape.Channels, Shape.Positions, y);

    internal override void Tangent<T>(BlasBackend blas, ReadOnlySpan<T> parameters, ParameterTangent<T> direction, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> dx, MatrixSpan<T> dy)
    {
        if (dx.Rows > 0)
            Transpose(dx, Shape.Channels, Shape.Positions, dy);
        else
            dy.Clear();
    }

    internal override void Pullback<T>(BlasBackend blas, ReadOnlySpan<T> parameters, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> outputCotangent, MatrixSpan<T> inputCotangent, ParameterGradient<T> wanted)
    {
        if (inputCotangent.Rows > 0)
            Transpose(outputCotangent, Shape.Positions, Shape.Channels, inputCotangent);
    }

    internal override void AddCurvature<T>(BlasBackend blas, ParameterTangent<T> direction, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> dx, MatrixSpan<T> inputCotangent, ParameterGradient<T> wanted)
    {
        // The map is linear: its pullback does not depend on where it is taken.
    }

    // Each row, as a matrix of rows × columns, transposed.
    private static void Transpose<T>(ReadOnlyMatrixSpan<T> from, int rows, int columns, MatrixSpan<T> to)
        where T : unmanaged
    {
        for (int i = 0; i < from.Rows; i++)
        {
            ReadOnlySpan<T> source = from.Row(i);
            Span<T> target = to.Row(i);
            for (int r = 0; r < rows; r++)
            {
                ReadOnlySpan<T> line = source.Slice(r * columns, columns);
                for (int c = 0, at = r; c < line.Length; c++, at += rows)
                    target[at] = line[c];
            }
        }
    }
}
